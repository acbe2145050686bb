{#-
  The three densities divide the same complaints, which are those received, in every group. A policy and a payment belong to
  one product category, branch and region, so over these the exposures add up to the whole book; by category and channel each
  group is divided by the whole book. Customers of several groups are counted in each.
-#}
with

metric_values as (

    select
        metric,
        period,
        group_by,
        group_value,
        numerator,
        denominator,
        n
    from {{ ref('metric_values') }}
    where metric like 'complaints_per_%'

),

received as (

    select * from {{ ref('metric_values') }}
    where metric = 'complaints_received'

),

other_complaints as (

    select
        'complaints are those received' as broken_identity,
        metric_values.metric,
        metric_values.period,
        metric_values.group_by,
        metric_values.group_value
    from metric_values
    left join received
        on
            metric_values.period = received.period
            and metric_values.group_by = received.group_by
            and metric_values.group_value = received.group_value
    where metric_values.numerator <> coalesce(received.numerator, 0)

),

missing as (

    select
        'complaints received have their densities' as broken_identity,
        received.metric,
        received.period,
        received.group_by,
        received.group_value
    from received
    left join metric_values
        on
            received.period = metric_values.period
            and received.group_by = metric_values.group_by
            and received.group_value = metric_values.group_value
    group by
        received.metric,
        received.period,
        received.group_by,
        received.group_value
    having count(metric_values.metric) <> 3

),

compared_with_book as (

    select
        metric_values.metric,
        metric_values.period,
        metric_values.group_by,
        sum({{ fixed_point('metric_values.denominator') }}) as added_up,
        min(metric_values.denominator) as lowest,
        max(metric_values.denominator) as highest,
        sum(metric_values.n) as n_added_up,
        max(book.denominator) as of_the_book,
        max(book.n) as n_of_the_book
    from metric_values
    inner join metric_values as book
        on
            metric_values.metric = book.metric
            and metric_values.period = book.period
            and book.group_by = 'all'
    where metric_values.group_by <> 'all'
    group by
        metric_values.metric,
        metric_values.period,
        metric_values.group_by

),

other_exposure as (

    select
        'exposures are those of the book' as broken_identity,
        metric,
        period,
        group_by,
        'all' as group_value
    from compared_with_book
    where
        case
            when group_by in ('category', 'channel') then lowest <> of_the_book or highest <> of_the_book
            when metric = 'complaints_per_10k_customers' then added_up < of_the_book
            else {{ differ('added_up', 'of_the_book') }} or n_added_up <> n_of_the_book
        end

)

select * from other_complaints
union all
select * from missing
union all
select * from other_exposure
