"""Alerts lost on a leg: both ends of it counted in the same quarter-hour, neighbours reconciled first (domain.md 7.3 and 7.4).

Received = passed on + held back + lost. What the one end passed and the other did not receive in the same quarter-hour is looked for in
the next and in the one before, and only then called lost.
"""

from tocsin.journeys.alert_facts import ALERT_CODES, LIMITS, PROVIDERS, SENDERS, STAGES_TOLD, dated_relations
from tocsin.journeys.alert_losses_rows_sql import COUNT_LINES, STAGE_LINES
from tocsin.journeys.alert_losses_sql import ALERT_ENDS
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey

_PLACE = tuple((name, name) for name in ("slice_at", "leg", "service_provider"))

ALERT_LOSSES = Journey(
    name="alert_losses",
    title="Alerts lost by quarter-hour",
    source="CR1418, CR1438; domain.md 7.3, 7.4 and 15.9",
    reads=("alert_stages", "alert_counts", DELIVERIES.name, SENDERS.name, PROVIDERS.name, STAGES_TOLD.name, ALERT_CODES.name, LIMITS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of the quarter-hour."),
        Attribute("began_at", "BIGINT", "Start of the quarter-hour."),
        Attribute("leg", "VARCHAR", "provider_to_dsp (stage d of the provider to e of the DSP) or inside_dsp (e to f)."),
        Attribute("service_provider", "VARCHAR", "CSP or S1SP of the alerts; all where the DSP does not tell it."),
        Attribute("region", "VARCHAR", "CSP Region the Service Provider serves."),
        Attribute("passed_count", "BIGINT", "Alerts that set out on the leg: passed to the DSP, or received by it."),
        Attribute("arrived_count", "BIGINT", "Alerts that came to its end: received by the DSP, or passed to the User within a day."),
        Attribute("consolidated_count", "BIGINT", "Held back by the DSP as part of a storm."),
        Attribute("open_count", "BIGINT", "Received by the DSP less than a day before the run and not passed on yet."),
        Attribute("skewed_count", "BIGINT", "Found in the quarter-hour after, or before: on their way, or by clocks that differ."),
        Attribute("lost_count", "BIGINT", "Set out and nowhere found."),
        Attribute("surplus_count", "BIGINT", "Arrived beyond what set out, here or in the neighbours."),
        Attribute("slice_at", "BIGINT", "The same as began_at, by the name the counts have for it."),
        Attribute(
            "set_aside",
            "VARCHAR",
            "held_back_not_told where the DSP counts what it received and not what of it was held back; empty where losses are known.",
        ),
    ),
    sql=ALERT_ENDS.whole,
    gathered=ALERT_ENDS,
    began="began_at",
    day="day",
    splits=("leg", "service_provider", "region"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "began_at", "leg", "service_provider"),
    grouped=("told",),
    # Of an alert no more is held than five numbers and a word.
    bucket_times=3,
    dated=dated_relations,
    remarks=(
        (
            "surplus",
            "Quarter-hours in which the DSP received more alerts of a provider than that provider says it passed on, neighbours included.",
            "surplus_count > 0",
        ),
    ),
    traced_to=(("alert_stages", _PLACE), ("alert_counts", _PLACE)),
    traced_by=(("alert_stages", STAGE_LINES), ("alert_counts", COUNT_LINES)),
)
