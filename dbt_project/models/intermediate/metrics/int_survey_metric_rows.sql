{{ metric_rows(ref('int_survey_quarters'), semantic_model='survey_quarters') }}
