{{ metric_rows(ref('int_attendance_quarters'), metric_definitions('attendance_quarters')) }}
