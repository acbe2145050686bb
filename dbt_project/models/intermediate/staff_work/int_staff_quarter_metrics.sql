{#-
  The results metrics by which persons of a role are compared, one row per person, whole quarter and metric, with its n.
  Confirmed staff only, employed at the end of the quarter. Ratings are judgements of a whole quarter: their n is the
  number of ratings, and one is enough. `better` is the value with its sign set so that higher is better.
-#}
{%- set ratios = [
    ('complaints_per_policy', 'complaints', 'policies_sold', -1),
    ('second_sale_conversion', 'second_sales_won', 'second_sales_closed', 1),
    ('step_on_time', 'steps_on_time', 'steps_due', 1),
    ('csat', 'csat_sum', 'csat_answers', 1),
    ('persistency_13', 'persistency_kept', 'persistency_tested', 1),
] -%}

with

quarters as (

    select * from {{ ref('int_periods') }}
    where
        period_type = 'quarter'
        and not in_progress

),

parameters as (

    select * from {{ ref('int_parameters') }}

),

staff as (

    select
        staff.staff_id,
        staff.role,
        staff.branch,
        quarters.period,
        quarters.period_order
    from {{ ref('int_staff_branches') }} as staff
    cross join quarters
    where
        staff.confirmed_on <= quarters.ends_on
        and (staff.left_on is null or staff.left_on > quarters.ends_on)

),

sums as (

    select
        months.staff_id,
        quarters.period,
        {% for column in [
            'complaints', 'policies_sold', 'second_sales_won', 'second_sales_closed', 'steps_on_time', 'steps_due',
            'csat_sum', 'csat_answers', 'persistency_kept'
        ] %}
        sum(months.{{ column }}) as {{ column }},
        {% endfor %}
        sum(months.persistency_tested) as persistency_tested
    from {{ ref('int_staff_months') }} as months
    inner join quarters on months.starts_on between quarters.starts_on and quarters.ends_on
    group by
        months.staff_id,
        quarters.period

),

responses as (

    select
        contacts.staff_id,
        quarters.period,
        count(*) as n,
        {{ quantile_cont(hours_between('contacts.opened_at', 'contacts.first_response_at'), 0.5) }} as value
    from {{ ref('int_interactions') }} as contacts
    inner join quarters on {{ first_day_of('quarter', 'contacts.opened_at') }} = quarters.starts_on
    where contacts.first_response_at is not null
    group by
        contacts.staff_id,
        quarters.period

),

ratings as (

    select
        staff_id,
        period,
        avg(supervisor_score) as supervisor_score,
        count(supervisor_score) as supervisor_ratings,
        avg(teamwork_score) as teamwork_score,
        count(teamwork_score) as teamwork_ratings
    from {{ ref('int_appraisals') }}
    group by
        staff_id,
        period

),

metrics as (
    {% for metric, numerator, denominator, sign in ratios %}
    select
        staff_id,
        period,
        '{{ metric }}' as metric,
        cast({{ numerator }} as double) / nullif({{ denominator }}, 0) as value,
        {{ denominator }} as n,
        {{ sign }} as better_sign,
        false as is_rating
    from sums
    union all
    {% endfor %}
    select
        staff_id,
        period,
        'first_response_hours' as metric,
        value,
        n,
        -1 as better_sign,
        false as is_rating
    from responses
    {% for rating in ['supervisor', 'teamwork'] %}
    union all
    select
        staff_id,
        period,
        '{{ rating }}_score' as metric,
        cast({{ rating }}_score as double) as value,
        {{ rating }}_ratings as n,
        1 as better_sign,
        true as is_rating
    from ratings
    {% endfor %}

)

select
    staff.staff_id,
    staff.role,
    staff.branch,
    staff.period,
    staff.period_order,
    metrics.metric,
    metrics.value,
    cast(metrics.n as bigint) as n,
    metrics.value * metrics.better_sign as better,
    metrics.value is not null and (metrics.is_rating or metrics.n >= parameters.ranking_least_n) as counts
from staff
cross join parameters
inner join metrics
    on
        staff.staff_id = metrics.staff_id
        and staff.period = metrics.period
