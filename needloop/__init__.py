"""The ground floor: what every other package may import, and what imports none of them.

The source contract, the settings, the warehouse and its lock, releases (publishing and reading), durable files,
secrets, the audit log. A rule that two floors need belongs here; anything that only one of them needs does not.
"""
