"""The ground floor: every other package may import it, and it imports none of them.

It holds the source contract, the settings, the warehouse and its lock, releases (publishing and reading), durable
files, secrets, and the audit log. A rule that two floors need belongs here; a rule that only one needs does not.
"""
