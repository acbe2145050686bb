{{ metric_rows(ref('int_learning_quarters'), metric_definitions('learning_quarters')) }}
