{{ metric_rows(ref('int_need_quarters'), metric_definitions('need_quarters')) }}
