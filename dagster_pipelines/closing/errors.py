"""Why a quarter cannot be closed."""


class ClosingError(Exception):
    """The quarter cannot be closed; the message says why and what to do."""
