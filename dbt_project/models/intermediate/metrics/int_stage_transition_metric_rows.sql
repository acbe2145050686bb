{{ metric_rows(ref('int_stage_transition_months'), metric_definitions('stage_transition_months'), ['month']) }}
