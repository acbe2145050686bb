{{ metric_rows(ref('int_standing_periods'), metric_definitions('standing_periods'), ['month', 'quarter']) }}
