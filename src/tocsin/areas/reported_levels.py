"""Every level that a Service Provider reports of itself, the initial beside the final (CR1430; domain.md 2.3)."""

from tocsin.journeys.provider_levels import FEED, PROVIDER_LEVELS
from tocsin.measuring.measure import Area, Indicator, Rule

REPORTED_LEVELS = Area(
    name="reported_levels",
    title="Levels reported by Service Providers",
    sentence="Each measure that a Service Provider reports: what stands, what the initial told, and what could not be weighed.",
    of=PROVIDER_LEVELS.name,
    feeds=(FEED,),
    # Levels of different measures are no sum: each is told for itself; only how many there are is told together.
    groupings=(("cpm", "service_provider", "region", "measure_ref", "submission"),),
    order=30,
    source="provider_feed",
    indicators=(
        Indicator(
            "level",
            "Level",
            "percent",
            Rule("Events due, or minutes, as reported.", "told = 'counts'", amount="counted"),
            Rule("Those of them on time, or available.", "TRUE", amount="met"),
            lacking=Rule("Reported as a percentage alone, or left out.", "told <> 'counts'"),
        ),
        Indicator(
            "initial_level",
            "Level of the initial",
            "percent",
            Rule("Events due, or minutes, as the initial told them.", "initial_counted IS NOT NULL", amount="initial_counted"),
            Rule("Those of them on time, or available.", "initial_met IS NOT NULL", amount="initial_met"),
        ),
        Indicator(
            "stated_percentage",
            "Percentage stated, hundredths",
            "count",
            Rule(
                "The percentage that is stated without counts, in hundredths of a percent.",
                "told = 'percentage'",
                amount="percent_hundredths",
            ),
        ),
        Indicator(
            "exceptions", "Agreed exceptions", "count", Rule("Events left out by agreed exceptions.", "TRUE", amount="exception_count")
        ),
        Indicator("changed", "Changed since the initial", "count", Rule("Levels whose final tells other numbers.", "is_changed")),
        Indicator("left_out", "Left out", "count", Rule("Relevant measures that the report left out.", "told = 'nothing'")),
    ),
)
