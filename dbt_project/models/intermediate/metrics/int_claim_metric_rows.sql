{{ metric_rows(ref('int_claim_quarters'), metric_definitions('claim_quarters')) }}
