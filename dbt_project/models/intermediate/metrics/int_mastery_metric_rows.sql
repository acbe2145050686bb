{{ metric_rows(ref('int_mastery_quarters'), metric_definitions('mastery_quarters')) }}
