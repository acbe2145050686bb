"""What can keep a person from being erased; the text says what to do."""


class ErasureError(Exception):
    """Nothing was erased."""
