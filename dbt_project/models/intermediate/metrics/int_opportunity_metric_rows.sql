{{ metric_rows(ref('int_opportunity_quarters'), metric_definitions('opportunity_quarters')) }}
