{#-
  A contact counts in the quarter in which its watch ends, so every contact is watched equally long.
-#}
with

contacts as (

    select * from {{ ref('int_interactions') }}
    where purpose <> 'marketing'

),

parameters as (

    select * from {{ ref('int_parameters') }}

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

followed as (

    select
        contacts.interaction_id,
        contacts.channel,
        contacts.purpose,
        contacts.opened_at,
        contacts.resolved_on_contact,
        {{ plus_days('contacts.opened_at', 'parameters.contact_repeat_days') }} as watched_until,
        lead(contacts.opened_at) over same_matter as next_opened_at,
        lead(contacts.channel) over same_matter as next_channel
    from contacts
    cross join parameters
    window same_matter as (
        partition by contacts.customer_id, contacts.purpose order by contacts.opened_at, contacts.interaction_id
    )

),

judged as (

    select
        *,
        coalesce(next_opened_at <= watched_until, false) as is_repeated
    from followed

)

select
    judged.interaction_id,
    quarters.period,
    quarters.qs as period_starts_at,
    quarters.in_progress,
    judged.channel,
    judged.purpose,
    1 as contacts_watched,
    {{ flag('judged.resolved_on_contact and not judged.is_repeated') }} as contacts_resolved_at_once,
    {{ flag('judged.is_repeated') }} as contacts_repeated,
    {{ flag('judged.is_repeated and judged.next_channel <> judged.channel') }} as contacts_switched
from judged
inner join quarters
    on
        judged.watched_until >= quarters.qs
        and judged.watched_until < quarters.c
