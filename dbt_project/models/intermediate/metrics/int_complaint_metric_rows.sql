{{ metric_rows(ref('int_complaint_quarters'), metric_definitions('complaint_quarters')) }}
