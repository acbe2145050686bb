{#-
  Whether something happened by its limit: null while it has not happened and the limit has not passed by the
  end of as_of.
-#}
{% macro is_within(happened_at, limit_at, as_of_end) -%}
    case
        when {{ happened_at }} <= {{ limit_at }} then true
        when {{ happened_at }} > {{ limit_at }} or {{ limit_at }} < {{ as_of_end }} then false
    end
{%- endmacro %}
