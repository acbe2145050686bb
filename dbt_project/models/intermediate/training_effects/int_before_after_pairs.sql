{#-
  The whole months before the one in which the confirmation training began against as many after the one in which it was
  completed, as monthly means. A person is in a window if employed throughout all its months on both sides, and all
  those months are reported and complete.
-#}
{%- set outcomes = ['complaints', 'policies_sold', 'second_sales_won', 'renewal_premium'] -%}

with

months as (

    select *
    from {{ ref('int_staff_months') }}
    where
        not in_progress
        and is_employed_throughout

),

trained as (

    select * from {{ ref('int_confirmation_training') }}
    where completed_on is not null

),

windows as (

    select * from {{ ref('before_after_windows') }}

),

sides as (

    select
        trained.staff_id,
        windows.window_months,
        months.starts_on < trained.started_in as is_before,
        {% for outcome in outcomes %}
        sum(months.{{ outcome }}) as {{ outcome }},
        {% endfor %}
        count(*) as months_there
    from trained
    cross join windows
    inner join months
        on
            trained.staff_id = months.staff_id
            and (
                (
                    trained.started_in > months.starts_on
                    and {{ add_months('trained.started_in', '-1 * windows.window_months') }} <= months.starts_on
                )
                or (
                    trained.completed_in < months.starts_on
                    and {{ add_months('trained.completed_in', 'windows.window_months') }} >= months.starts_on
                )
            )
    group by
        trained.staff_id,
        windows.window_months,
        months.starts_on < trained.started_in

),

pairs as (

    select
        {% for outcome in outcomes %}
        earlier.{{ outcome }} as {{ outcome }}_before,
        later.{{ outcome }} as {{ outcome }}_after,
        {% endfor %}
        earlier.staff_id,
        earlier.window_months
    from sides as earlier
    inner join sides as later
        on
            earlier.staff_id = later.staff_id
            and earlier.window_months = later.window_months
            and earlier.is_before
            and not later.is_before
    where
        earlier.months_there = earlier.window_months
        and later.months_there = later.window_months

)
{% for outcome in outcomes %}
select
    '{{ outcome }}' as outcome,
    window_months,
    staff_id,
    cast({{ outcome }}_before as double) / window_months as before_mean,
    cast({{ outcome }}_after as double) / window_months as after_mean
from pairs
{%- if not loop.last %}

union all
{% endif -%}
{% endfor %}
