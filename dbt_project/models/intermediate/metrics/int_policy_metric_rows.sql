{{ metric_rows(ref('int_policy_quarters'), metric_definitions('policy_quarters')) }}
