{#-
  Joins a policy only with the quarters it touches: the one in which it was issued and those in which it is in
  force at any time, or was at the start. So the cost grows with policies × quarters in force. Cover counts from the day
  it takes effect, also where that is before the issue, as everywhere: what is in force at the start of a quarter is
  what was at the end of the one before.
-#}
with

policies as (

    select * from {{ ref('int_policy_lifecycle') }}

),

at_issue as (

    select * from {{ ref('int_policy_at_issue') }}

),

payment_modes as (

    select * from {{ ref('payment_modes') }}

),

quarters as (

    select
        period,
        qs,
        c,
        in_progress
    from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

customer_quarters as (

    select * from {{ ref('int_customer_period') }}

),

referrers as (

    select distinct referred_by as customer_id
    from {{ ref('int_customers') }}
    where referred_by is not null

),

touched as (

    select
        policies.*,
        quarters.period,
        quarters.qs,
        quarters.c,
        quarters.in_progress,
        coalesce(quarters.qs > policies.in_force_from and quarters.qs <= policies.in_force_until, false)
            as is_in_force_at_start,
        coalesce(quarters.c > policies.in_force_from and quarters.c <= policies.in_force_until, false)
            as is_in_force_at_end,
        policies.issued_on >= quarters.qs and policies.issued_on < quarters.c as is_issued,
        coalesce(policies.ended_on >= quarters.qs and policies.ended_on < quarters.c, false) as is_ended
    from policies
    inner join quarters
        on
            (policies.issued_on >= quarters.qs and policies.issued_on < quarters.c)
            or (policies.in_force_from < quarters.c and policies.in_force_until >= quarters.qs)

),

holdings as (

    select
        customer_id,
        period,
        min(product_category) <> max(product_category) as has_several_categories
    from touched
    where is_in_force_at_end
    group by
        customer_id,
        period

)

select
    touched.policy_id,
    touched.customer_id,
    touched.period,
    touched.qs as period_starts_at,
    touched.in_progress,
    touched.product_category,
    touched.branch,
    touched.region,
    touched.sales_channel,
    touched.payment_mode,
    coalesce(customer_quarters.value_tier, {{ unknown_member() }}) as value_tier,
    coalesce(customer_quarters.segment, {{ unknown_member() }}) as segment,
    {{ flag('touched.is_in_force_at_start') }} as in_force_at_start,
    {{ flag('touched.is_in_force_at_end') }} as in_force_at_end,
    {{ flag("touched.is_in_force_at_start and touched.is_ended and touched.status = 'surrendered'") }} as surrendered,
    {{ flag("touched.is_in_force_at_start and touched.is_ended and touched.status = 'lapsed'") }} as lapsed,
    {{ flag('touched.is_in_force_at_end and holdings.has_several_categories') }} as cross_sold,
    {{ flag('touched.is_in_force_at_end and referrers.customer_id is not null') }} as referring,
    {{ flag('touched.is_issued') }} as issued,
    {{ flag("touched.is_issued and touched.status = 'free_look_cancelled' and touched.c > touched.ended_on") }}
        as free_look_cancelled,
    case
        when touched.is_issued
            then {{ annual_premium_equivalent('touched.annual_premium', 'payment_modes.ape_weight') }}
        else 0
    end as ape,
    {{ flag('touched.is_issued and at_issue.is_assessed') }} as assessed,
    {{ flag('touched.is_issued and at_issue.is_mismatch') }} as mismatched,
    {{ flag('touched.is_issued and not at_issue.is_assessed') }} as unassessed,
    {{ flag('touched.is_issued and at_issue.is_assessment_stale') }} as assessment_stale,
    {{ flag('touched.is_issued and at_issue.is_recording_required') }} as recording_required,
    {{ flag('touched.is_issued and at_issue.is_recording_required and touched.is_double_recorded') }} as recorded
from touched
inner join at_issue on touched.policy_id = at_issue.policy_id
inner join payment_modes on touched.payment_mode = payment_modes.payment_mode
left join customer_quarters
    on
        touched.customer_id = customer_quarters.customer_id
        and touched.period = customer_quarters.period
left join holdings
    on
        touched.customer_id = holdings.customer_id
        and touched.period = holdings.period
left join referrers on touched.customer_id = referrers.customer_id
