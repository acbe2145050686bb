"""Everything that reaches behind the public interfaces of Superset and Flask-AppBuilder: look here when they move.

Superset has no public Python interface beyond its configuration. What its configuration cannot do goes through these
modules, and nothing else imports `superset`. tests/integration/superset/test_private_interfaces.py has a canary for
each, which says what breaks and what to do.
"""
