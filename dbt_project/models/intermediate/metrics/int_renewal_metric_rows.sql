{{ metric_rows(ref('int_renewal_quarters'), metric_definitions('renewal_quarters')) }}
