{{ metric_rows(ref('int_complaint_densities'), metric_definitions('complaint_densities')) }}
