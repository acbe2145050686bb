{{ metric_rows(ref('int_retention_quarters'), metric_definitions('retention_quarters')) }}
