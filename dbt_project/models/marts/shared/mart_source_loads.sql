select
    table_name,
    system,
    files_taken,
    files_refused,
    rows_in_files,
    loaded,
    ignored,
    rejected,
    last_loaded_at,
    latest_data_on
from {{ ref('stg_quality__deliveries') }}
