"""Why a backup cannot be made or put back; the text says what to do."""


class BackupError(Exception):
    """Nothing was changed."""
