"""The pipeline: from a bank's files in the landing zone to a published release."""
