{{ metric_rows(ref('int_persistency_periods'), metric_definitions('persistency_periods'), ['quarter', 'month']) }}
