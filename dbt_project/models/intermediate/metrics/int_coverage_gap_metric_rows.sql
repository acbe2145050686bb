{{ metric_rows(ref('int_coverage_gap_periods'), metric_definitions('coverage_gap_periods'), ['month', 'quarter']) }}
