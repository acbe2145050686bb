{{ metric_rows(ref('int_survey_quarters'), metric_definitions('survey_quarters')) }}
