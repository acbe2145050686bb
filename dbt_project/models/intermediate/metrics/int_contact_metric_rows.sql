{{ metric_rows(ref('int_contact_quarters'), metric_definitions('contact_quarters')) }}
