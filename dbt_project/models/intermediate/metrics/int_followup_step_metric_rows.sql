{{ metric_rows(ref('int_followup_step_quarters'), metric_definitions('followup_step_quarters')) }}
