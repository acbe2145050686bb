"""Every use of private interfaces of the pipeline's libraries: check here when upgrading them.

One module per library and purpose. tests/unit/private_interfaces has a canary test for each, which says what breaks and
what to do. Superset's are in dashboards/superset/private_interfaces, and overrides of dbt's macros are in
dbt_project/macros/materializations, where dbt looks for them.

These modules import their library at the top, so import them only where the library is in use.
"""
