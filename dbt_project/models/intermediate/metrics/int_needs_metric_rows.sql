{{ metric_rows(ref('int_need_quarters'), semantic_model='need_quarters') }}
