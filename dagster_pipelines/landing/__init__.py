"""Landing: loads a bank's files into the raw tables by the source contract. It knows nothing downstream."""
