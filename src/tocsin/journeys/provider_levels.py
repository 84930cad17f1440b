"""Levels that the Service Providers report of themselves: one row a line of a report, the final beside its initial (CR1430).

What stands is the final where one has come, else the initial. A line told in several reports, or by several deliveries, counts once; a
percentage without counts cannot be weighed, and a relevant measure that is left out is a hole: both make what rests on them incomplete.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.provider_levels_sql import SQL
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey, superseded_rows
from tocsin.vocabulary.devices import region_words
from tocsin.vocabulary.provider_reports import relevant_measures
from tocsin.vocabulary.service_providers import service_providers

RELEVANT = Relation("relevant_measures", (("service_provider", "VARCHAR"), ("measure_ref", "VARCHAR"), ("cpm", "VARCHAR")))
PROVIDERS = Relation("reporting_providers", (("service_provider", "VARCHAR"), ("region", "VARCHAR"), ("sender", "VARCHAR")))
REGION_WORDS = Relation("provider_region_words", (("word", "VARCHAR"), ("region", "VARCHAR")))
FEED = "provider_reports"


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """Which measure of which Service Provider each Code Performance Measure rests on, and the region each serves, as on a date."""
    providers = service_providers(on, override)
    # A sender that sends for several tells of all of them where it names none: its line is of a measure that all of them have.
    roles = {provider.sender: {one.role for one in providers.values() if one.sender == provider.sender} for provider in providers.values()}
    roles |= {code: {provider.role} for code, provider in providers.items()}
    relevant = [
        (code, measure.measure_ref, measure.cpm)
        for measure in relevant_measures(on, override)
        for code, of in roles.items()
        if of == {measure.role}
    ]
    return [
        (RELEVANT, relevant),
        (PROVIDERS, [(code, provider.region, provider.sender) for code, provider in providers.items()]),
        (REGION_WORDS, sorted(region_words(on, override).items())),
    ]


PROVIDER_LEVELS = Journey(
    name="provider_levels",
    title="Levels reported by Service Providers",
    source="CR1430; domain.md 2.3, 2.4 and 9",
    reads=(FEED, superseded_rows(FEED), DELIVERIES.name, RELEVANT.name, PROVIDERS.name, REGION_WORDS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "First instant of the month reported."),
        Attribute("report", "VARCHAR", "esi_101, esi_102 or monthly; none where a relevant measure was left out."),
        Attribute("measure_ref", "VARCHAR", "Reference of the Service Provider measure."),
        Attribute(
            "service_provider",
            "VARCHAR",
            "Whose level it is: as told, else the sender; of a sender that sends for two, the one of the region told, else the sender for"
            " both.",
        ),
        Attribute("region", "VARCHAR", "CSP Region told, else the one the Service Provider serves; all where it serves every one."),
        Attribute("cpm", "VARCHAR", "Code Performance Measure that it is combined into; none where it is in none."),
        Attribute("unit", "VARCHAR", "events, or minutes of availability."),
        Attribute("told", "VARCHAR", "counts, a percentage alone, or nothing."),
        Attribute("counted", "BIGINT", "Events due, or minutes; unknown where not told."),
        Attribute("met", "BIGINT", "Those of them on time, or available; unknown where not told."),
        Attribute("percent_hundredths", "BIGINT", "The sender's own percentage, in hundredths of a percent; unknown where not told."),
        Attribute("exception_count", "BIGINT", "Events that agreed exceptions left out; unknown where not told."),
        Attribute("comment", "VARCHAR", "Commentary of the Service Provider, as sent; empty where none came."),
        Attribute("submission", "VARCHAR", "final, or initial where no final has come; none where the measure was left out."),
        Attribute("initial_counted", "BIGINT", "What the initial told, where a final stands and an initial came before it."),
        Attribute("initial_met", "BIGINT", "What the initial told as met."),
        Attribute("initial_percent_hundredths", "BIGINT", "The percentage of the initial."),
        Attribute("is_changed", "BOOLEAN", "The final tells other numbers than its initial."),
        Attribute("is_contradicted", "BOOLEAN", "Another report of the same month tells other counts of the same measure."),
        Attribute("is_percentage_off", "BOOLEAN", "The sender's percentage is not that of its counts, however rounded."),
        Attribute("is_unknown_provider", "BOOLEAN", "It is of a Service Provider that no list has: in no Code Performance Measure."),
        Attribute("delivery_no", "BIGINT", "The delivery that tells it; unknown where the measure was left out."),
        Attribute("line", "BIGINT", "Its line there."),
        Attribute("set_aside", "VARCHAR", "another_month, told_again, in_another_report, sum_of_regions; empty where it counts."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("cpm", "service_provider", "region", "measure_ref", "submission"),
    set_aside="set_aside <> ''",
    sorted_by=("cpm", "service_provider", "region", "measure_ref", "report", "delivery_no", "line"),
    dated=dated_relations,
    remarks=(
        (
            "contradicted",
            "Reported levels that another report of the same month contradicts: both are kept, one counts.",
            "is_contradicted",
        ),
        ("percentage_off", "Reported percentages that are not those of their counts: the counts are taken.", "is_percentage_off"),
        (
            "unknown_provider",
            "Reported levels of a Service Provider that no list has: they are in no Code Performance Measure.",
            "is_unknown_provider",
        ),
        ("left_out", "Relevant measures that a report left out: what rests on them is incomplete.", "told = 'nothing'"),
    ),
    traced_to=((FEED, (("delivery_no", "delivery_no"), ("line", "line"))),),
)
