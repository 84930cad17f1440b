"""The words of the report: what indicators, breakdowns, feeds and dates are called. One place, so that every format says the same."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.vocabulary.calendar import Period, moment

INDICATORS: Mapping[str, str] = {
    "volume": "Volume",
    "user_rejects": "Rejected at validation",
    "success_rate": "Success rate",
    "success_rate_with_rejects": "Success rate with rejects",
    "round_trip_p50": "RTT p50",
    "round_trip_p90": "RTT p90",
    "round_trip_p95": "RTT p95",
    "round_trip_p99": "RTT p99",
    "round_trip_max": "RTT max",
    "delivery_p50": "Delivery p50",
    "delivery_p90": "Delivery p90",
    "delivery_p95": "Delivery p95",
    "delivery_p99": "Delivery p99",
    "delivery_max": "Delivery max",
    "within_target": "Within target",
    "no_target": "Without a target",
    "reported_within_target": "Within target as reported",
    "open": "Open at the end",
    "open_breached": "Open past target",
    "recategorised": "Category changed",
    "judged_otherwise": "Flag says otherwise",
    "eased": "Made less severe",
    "near_breach": "Made less severe near a breach",
    "without_incident": "Unplanned, without an Incident",
    "unchecked": "Unplanned, Incident not to be checked",
    "component_mean": "Simple mean of the components",
    "component_min": "Worst component",
}

UNITS: Mapping[str, str] = {"percent": "%", "seconds": "s", "count": ""}

COLUMNS: Mapping[str, str] = {
    "srv": "Service Request Variant",
    "party_code": "Party code",
    "sec_party": "Party code",
    "device_type": "Device type",
    "region": "CSP Region",
    "service_provider": "Service Provider",
    "resolver_group": "Resolver group",
    "category": "Category",
    "clock": "Clock",
    "outcome": "Outcome",
    "generation": "Generation",
    "flow": "Flow",
    "measure_ref": "Service Provider measure",
    "submission": "Submission",
    "service": "Service",
}

# Colour of a status; the shape and the word beside it say the same (STATUS_WORDS).
_TONES: Mapping[str, str] = {
    **dict.fromkeys(("met", "on_time", "complete", "verified", "came_back", "rose", "faster", "closed", "accepted", "published"), "good"),
    **dict.fromkeys(
        ("below_target", "late", "provisional", "incomplete", "assumed", "inferred", "fell", "slower", "queried", "waived"), "warn"
    ),
    **dict.fromkeys(("below_minimum", "missing", "missed", "overdue", "rejected"), "bad"),
}

_ABBREVIATIONS = frozenset({"cpm", "csp", "dcc", "dsp", "opr", "pmr", "rtt", "sec", "smki", "srv", "srvs", "id", "sm", "wan"})

# Values that are words of this code and not of a sender; an SRV or a group is called what the run says it is called.
VALUES: Mapping[str, str] = {
    "UNKNOWN": "Unknown",
    "UNASSIGNED": "Unassigned",
    "NONE": "No device",
    "not_shown": "Not shown",
    "north": "North",
    "central": "Central",
    "south": "South",
    "smets1": "SMETS1",
    "all": "All regions",
    "ssi": "Self-Service Interface",
    "dsp": "DCC Data Service",
    "wan_gateway": "WAN gateway",
    "certificate": "Certificate, single request",
    "certificate_batch": "Certificates, batched request",
    "repository_document": "Repository document",
}

# Where a figure comes from (MP122B), said beside it.
SOURCES: Mapping[str, str] = {"provider_feed": "Service Provider feed", "toc_proxy": "TOC proxy", "": "not said"}

CLOCKS: Mapping[str, str] = {"initial_response": "Initial response", "resolution": "Resolution"}


def spoken(name: str) -> str:
    """A name of the code as words: "party_list" as "Party list"."""
    words = [word.upper() if word.lower() in _ABBREVIATIONS else word for word in name.replace(".", ": ").replace("_", " ").split()]
    told = " ".join(words)
    return told[:1].upper() + told[1:]


def measure_label(name: str) -> str:
    """What a measure is called for short: "CPM 5A", and "CPM 1 reported" for another reading of it."""
    code = re.match(r"cpm_[0-9]+[a-z]?(?![a-z])", name)
    if code is None:
        return spoken(name).upper()
    other = spoken(name[code.end() :].strip("_"))
    return " ".join(word for word in (spoken(code[0]).upper(), other[:1].lower() + other[1:]) if word)


def measure_title(measure: MeasureText) -> str:
    """Name and title of a measure: "CPM 5A: Incidents of category 4 and 5 resolved in time"."""
    label = measure_label(measure.name)
    return measure.title if measure.title.upper().startswith(label.upper()) else f"{label}: {measure.title}"


def indicator_title(indicator: str) -> str:
    return INDICATORS.get(indicator) or spoken(indicator)


def column_title(column: str) -> str:
    return COLUMNS.get(column) or spoken(column)


def with_unit(title: str, unit: str) -> str:
    """A heading that carries the unit, so that the cells below need not."""
    sign = UNITS.get(unit, unit)
    return f"{title}, {sign}" if sign else title


def value_title(run: FrozenRun, column: str, value: str) -> str:
    """A value of a breakdown with its name where one is known: "2.2 Top Up Device"; an empty value is said to be empty."""
    named = titles(run).get((column, value), "")
    if not value.strip():
        return named or "(none given)"
    return f"{value} {named}" if named and column == "srv" else named or VALUES.get(value, value)


def titles(run: FrozenRun) -> Mapping[tuple[str, str], str]:
    """Names of breakdown values as frozen with the run."""
    return run.titles


def tone_of(status: str) -> str:
    """good, warn, bad or quiet."""
    return _TONES.get(status, "quiet")


def number(value: int) -> str:
    """A whole number with its thousands set apart, the same in every format."""
    return f"{value:,}"


def month_words(period: Period) -> str:
    return f"{period.first_on:%B} {period.year}"


def date_words(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"


def instant_words(at: int) -> str:
    """An instant to the second, in UTC."""
    when = moment(at)
    return f"{date_words(when.date())} {when:%H:%M:%S} UTC"


def instant_figures(at: int) -> str:
    """An instant to the second as a table prints it; the heading says that it is UTC."""
    return f"{moment(at):%Y-%m-%d %H:%M:%S}"


def day_on(day: int) -> date:
    """The date of a UTC day number."""
    return date(1970, 1, 1) + timedelta(days=day)


def day_words(day: int) -> str:
    on = day_on(day)
    return f"{on:%a} {on.day} {on:%b}"


def is_incomplete(run: FrozenRun, figure: str) -> bool:
    """Whether a figure has no value since owed files are not in: then what is drawn of the same tells no share of the whole either."""
    return figure in run.book.incomplete


def stretches(days: Sequence[int]) -> list[str]:
    """UTC day numbers as stretches: "Fri 13 Aug to Sat 14 Aug"."""
    starts = [day for day in days if day - 1 not in set(days)]
    ends = [day for day in days if day + 1 not in set(days)]
    return [
        day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}" for first, last in zip(starts, ends, strict=True)
    ]
