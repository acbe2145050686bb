{#- Open matters of a customer at the end of each quarter: needs, complaints, coverage gaps, warnings. -#}
{%- set warning_kinds = ['hot_enquiry', 'dormant_card', 'churn', 'gap_high_value'] -%}
with

quarters as (

    select * from {{ ref('int_periods') }}
    where period_type = 'quarter'

),

open_needs as (

    select
        quarters.period,
        needs.customer_id,
        count(*) as open_needs
    from {{ ref('int_need_state_intervals') }} as states
    inner join {{ ref('int_need_lifecycle') }} as needs on states.need_id = needs.need_id
    inner join quarters
        on
            states.state_from < quarters.c
            and states.state_to >= quarters.c
    where states.is_open
    group by
        quarters.period,
        needs.customer_id

),

open_complaints as (

    select
        quarters.period,
        complaints.customer_id,
        count(*) as open_complaints
    from {{ ref('int_complaints') }} as complaints
    inner join quarters
        on
            complaints.received_at < quarters.c
            and (complaints.resolved_at is null or complaints.resolved_at >= quarters.c)
    group by
        quarters.period,
        complaints.customer_id

),

ranked_gaps as (

    select
        gaps.*,
        rules.priority,
        row_number() over (
            partition by gaps.customer_id, gaps.period
            order by case when gaps.is_actionable then 0 else 1 end, rules.priority
        ) as place
    from {{ ref('int_coverage_gap_quarters') }} as gaps
    inner join {{ ref('coverage_rules') }} as rules on gaps.rule = rules.rule

),

open_gaps as (

    select
        period,
        customer_id,
        count(*) as open_gaps,
        sum({{ flag('is_actionable') }}) as actionable_gaps,
        {{ dbt.listagg('rule', "'|'", 'order by priority') }} as gaps,
        max(case when place = 1 and is_actionable then rule end) as recommended_for,
        max(case when place = 1 and is_actionable then product_category end) as recommended_product_category,
        max(case when place = 1 and is_actionable then product_id end) as recommended_product_id
    from ranked_gaps
    group by
        period,
        customer_id

),

open_warnings as (

    select
        quarters.period,
        warnings.customer_id,
        {%- for kind in warning_kinds %}
        max({{ flag("warnings.kind = '" ~ kind ~ "'") }}) as {{ kind }},
        {%- endfor %}
        count(*) as open_warnings
    from {{ ref('int_warning_spells') }} as warnings
    inner join quarters
        on
            warnings.from_day <= quarters.covered_until
            and warnings.until_day > quarters.covered_until
    group by
        quarters.period,
        warnings.customer_id

),

customers as (

    select
        period,
        customer_id
    from {{ ref('int_customer_quarters') }}

)

select
    customers.period,
    customers.customer_id,
    coalesce(open_needs.open_needs, 0) as open_needs,
    coalesce(open_complaints.open_complaints, 0) as open_complaints,
    coalesce(open_gaps.open_gaps, 0) as open_gaps,
    coalesce(open_gaps.actionable_gaps, 0) as actionable_gaps,
    open_gaps.gaps,
    open_gaps.recommended_for,
    open_gaps.recommended_product_category,
    open_gaps.recommended_product_id,
    {%- for kind in warning_kinds %}
    coalesce(open_warnings.{{ kind }}, 0) = 1 as is_warned_of_{{ kind }},
    {%- endfor %}
    coalesce(open_warnings.open_warnings, 0) as open_warnings
from customers
left join open_needs
    on
        customers.period = open_needs.period
        and customers.customer_id = open_needs.customer_id
left join open_complaints
    on
        customers.period = open_complaints.period
        and customers.customer_id = open_complaints.customer_id
left join open_gaps
    on
        customers.period = open_gaps.period
        and customers.customer_id = open_gaps.customer_id
left join open_warnings
    on
        customers.period = open_warnings.period
        and customers.customer_id = open_warnings.customer_id
where
    open_needs.open_needs is not null
    or open_complaints.open_complaints is not null
    or open_gaps.open_gaps is not null
    or open_warnings.open_warnings is not null
