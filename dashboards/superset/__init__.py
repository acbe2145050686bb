"""Superset as code: its configuration, provisioning and server, in an environment of their own (pyproject.toml here).

Nothing here may need a package that only the pipeline's environment has; of the ground, `needloop.settings` does.
"""
