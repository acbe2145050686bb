{{ metric_rows(ref('int_contact_quarters'), semantic_model='contact_quarters') }}
