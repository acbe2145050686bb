{#- The years that the source contract lets in, so that every timestamp that was loaded falls on a day. -#}
select
    {{ date_range("cast('1900-01-01' as date)", "cast('2100-12-31' as date)", 1, 'day') }} as calendar_date
