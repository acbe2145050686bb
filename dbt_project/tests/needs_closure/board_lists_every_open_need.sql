{#-
  The board holds exactly the open needs of the fact, as many as the closing backlog of the last quarter, overdue needs
  first.
-#}
with

board as (

    select * from {{ ref('mart_need_board') }}

),

open_needs as (

    select * from {{ ref('fct_need') }}
    where is_open

),

closing_backlog as (

    select metric_values.numerator
    from {{ ref('metric_values') }} as metric_values
    inner join {{ ref('dim_period') }} as periods
        on
            metric_values.period_type = periods.period_type
            and metric_values.period = periods.period
    where
        metric_values.metric = 'closing_backlog'
        and metric_values.group_by = 'all'
    qualify row_number() over (order by periods.period_order desc) = 1

),

first_in_time as (

    select min(board_rank) as board_rank
    from board
    where not is_overdue

),

listed as (

    select count(*) as needs
    from board

)

select
    'open need that one side lacks' as fault,
    coalesce(board.need_id, open_needs.need_id) as need_id
from board
full outer join open_needs on board.need_id = open_needs.need_id
where
    board.need_id is null
    or open_needs.need_id is null

union all

select
    'not as many as the closing backlog' as fault,
    cast(listed.needs as {{ dbt.type_string() }}) as need_id
from listed
left join closing_backlog on listed.needs = closing_backlog.numerator
where
    closing_backlog.numerator is null
    and listed.needs > 0

union all

select
    'overdue after one that is not' as fault,
    later.need_id
from board as later
inner join first_in_time on later.board_rank > first_in_time.board_rank
where later.is_overdue
