"""Everything that reaches behind the public interfaces of the pipeline's libraries: look here when they move.

One module a library and purpose. tests/unit/private_interfaces has a canary for each, which says what breaks and what
to do. Superset's side has a folder of the same name in dashboards/superset, and dbt's own macros are overridden in
dbt_project/macros/materializations, where dbt looks for them.

A module here imports its library when it is imported itself, so import it only where the library is in use.
"""
