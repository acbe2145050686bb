{#-
  The book by month without a row per policy and month: counts entries and exits; policies in force at the start of a
  month are earlier entries minus earlier exits. Days on cover follow from the same counts: an entry on day d of a month
  of n days adds n − d + 1 days, an exit on day d removes n − d + 1.
-#}
with

policies as (

    select *
    from {{ ref('int_policy_lifecycle') }}
    where in_force_from is not null

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

months as (

    select
        period,
        starts_on,
        in_progress,
        cast(extract(day from ends_on) as integer) as days_in_month,
        cast(extract(day from covered_until) as integer) as days_seen
    from {{ ref('int_periods') }}
    where period_type = 'month'

),

first_month as (

    select min(starts_on) as first_starts_on
    from months

),

moves as (

    select
        product_category,
        branch,
        region,
        {{ first_day_of('month', 'in_force_from') }} as month_starts_on,
        1 as entered,
        cast(extract(day from in_force_from) as integer) as entered_on_day,
        0 as left_book,
        0 as left_on_day,
        'in_force' as status
    from policies

    union all

    select
        policies.product_category,
        policies.branch,
        policies.region,
        {{ first_day_of('month', 'policies.in_force_until') }} as month_starts_on,
        0 as entered,
        0 as entered_on_day,
        1 as left_book,
        cast(extract(day from policies.in_force_until) as integer) as left_on_day,
        policies.status
    from policies
    cross join as_of
    where policies.in_force_until <= as_of.as_of

),

-- Moves before the first reported month are combined in one row.
placed as (

    select
        moves.*,
        case when moves.month_starts_on >= first_month.first_starts_on then moves.month_starts_on end as placed_on
    from moves
    cross join first_month

),

counted as (

    select
        product_category,
        branch,
        region,
        placed_on,
        sum(entered) as entered,
        sum(entered_on_day) as entered_on_days,
        sum(left_book) as left_book,
        sum(left_on_day) as left_on_days,
        sum(case when status = 'surrendered' then 1 else 0 end) as surrendered,
        sum(case when status = 'lapsed' then 1 else 0 end) as lapsed,
        sum(case when status = 'free_look_cancelled' then 1 else 0 end) as free_look_cancelled,
        sum(case when status = 'matured' then 1 else 0 end) as matured,
        sum(case when status = 'terminated' then 1 else 0 end) as contract_terminated
    from placed
    group by
        product_category,
        branch,
        region,
        placed_on

),

books as (

    select distinct
        product_category,
        branch,
        region
    from counted

),

cells as (

    select
        books.product_category,
        books.branch,
        books.region,
        months.period,
        months.starts_on,
        months.in_progress,
        months.days_in_month,
        months.days_seen
    from books
    cross join months

),

before_the_first_month as (

    select
        product_category,
        branch,
        entered - left_book as in_force
    from counted
    where placed_on is null

),

in_cells as (

    select
        cells.*,
        coalesce(counted.entered, 0) as entered,
        coalesce(counted.entered_on_days, 0) as entered_on_days,
        coalesce(counted.left_book, 0) as left_book,
        coalesce(counted.left_on_days, 0) as left_on_days,
        coalesce(counted.surrendered, 0) as surrendered,
        coalesce(counted.lapsed, 0) as lapsed,
        coalesce(counted.free_look_cancelled, 0) as free_look_cancelled,
        coalesce(counted.matured, 0) as matured,
        coalesce(counted.contract_terminated, 0) as contract_terminated,
        coalesce(before_the_first_month.in_force, 0)
        + coalesce(sum(counted.entered - counted.left_book) over (
            partition by cells.product_category, cells.branch
            order by cells.starts_on
            rows between unbounded preceding and 1 preceding
        ), 0) as in_force_at_start
    from cells
    left join counted
        on
            cells.product_category = counted.product_category
            and cells.branch = counted.branch
            and cells.starts_on = counted.placed_on
    left join before_the_first_month
        on
            cells.product_category = before_the_first_month.product_category
            and cells.branch = before_the_first_month.branch

),

with_days as (

    select
        *,
        in_force_at_start * days_seen
        + entered * (days_seen + 1) - entered_on_days
        - left_book * (days_seen + 1) + left_on_days as policy_days
    from in_cells

)

select
    period,
    in_progress,
    product_category,
    branch as branch_id,
    region,
    cast(in_force_at_start as bigint) as in_force_at_start,
    cast(entered as bigint) as entered,
    cast(surrendered as bigint) as surrendered,
    cast(lapsed as bigint) as lapsed,
    cast(free_look_cancelled as bigint) as free_look_cancelled,
    cast(matured as bigint) as matured,
    cast(contract_terminated as bigint) as contract_terminated,
    cast(in_force_at_start + entered - left_book as bigint) as in_force_at_end,
    cast(policy_days as bigint) as policy_days,
    cast(policy_days as double) / days_in_month as policy_months
from with_days
where in_force_at_start + entered > 0
