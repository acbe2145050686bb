{#-
  The business clock: microseconds of business time from the first day of the calendar up to a timestamp. It runs from
  opening to closing on working days and stops otherwise, so it never runs backwards, and the business time between two
  moments is the difference of their clocks:

      least and greatest of moments are least and greatest of their clocks
      the sum over steps that follow each other is the time over all of them
      from later to earlier is negative, as with elapsed hours

  `day` is the alias under which int_business_days is left-joined on the timestamp's day:

      left join {{ ref('int_business_days') }} as raised_day on cast(raised_at as date) = raised_day.calendar_date

  A null timestamp has a null clock. The calendar holds every day the source contract accepts, so every other timestamp
  has a clock.
-#}
{% macro business_clock(timestamp, day) -%}
    (
        {{ day }}.business_microseconds_before
        + greatest(
            0,
            least({{ day }}.business_microseconds, {{ microseconds_between(day ~ '.opens_at', timestamp) }})
        )
    )
{%- endmacro %}


{#- Business hours from one business clock to another, with fractions. -#}
{% macro business_hours_of_clocks(from_clock, to_clock) -%}
    (cast({{ to_clock }} - {{ from_clock }} as double) / 3600000000)
{%- endmacro %}
