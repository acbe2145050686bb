"""Errors of backup and restore; the message says what to do."""


class BackupError(Exception):
    """A backup or restore failed; nothing was changed."""
