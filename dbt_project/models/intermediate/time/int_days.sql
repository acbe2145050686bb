{#- The years the source contract accepts, so every loaded timestamp falls on a day. -#}
select
    {{ date_range("cast('1900-01-01' as date)", "cast('2100-12-31' as date)", 1, 'day') }} as calendar_date
