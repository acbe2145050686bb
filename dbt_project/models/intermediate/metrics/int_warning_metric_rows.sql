{{ metric_rows(ref('int_warning_periods'), metric_definitions('warning_periods'), ['month', 'quarter']) }}
