"""Landing: takes a bank's files by the source contract into the raw tables; nothing downstream is known here."""
