"""Legs of alerts: how many alerts took how long on each leg of the way (domain.md 7.3).

An alert has up to four legs, and a day has 50 million alerts: a row a leg would be the largest table of all, to say what the stamps of the
alerts say already. So alerts that took the same whole milliseconds stand together, and a row says how many they are. Nearest rank
commutes with rounding down (architecture section 4, rule 5): the published percentile is exact, and who wants the microseconds has them
from the stamps of the alerts.
"""

from tocsin.journeys.alert_late_rows import LATE_LEGS
from tocsin.measuring.journey import Attribute, Journey
from tocsin.vocabulary.instants import DAY_US, MILLISECOND_US

# The legs whose times are published, each by what the alerts have of it; one that is negative under clock skew has no time.
SPANS = {
    "wan": "coalesce(d_at, e_at) - c_at",
    "dsp": "f_at - e_at",
    "delivery": "delivery_us",
    "confirm": "g_at - f_at",
}

# Who stands together, which is also the way back from a row to its alerts.
GROUP = ("leg", "measured", "kind", "region", "service_provider", "span_us")


UNION = "\n  UNION ALL\n  "


def _measured(leg: str) -> str:
    return "CASE WHEN is_proxy THEN 'proxy' ELSE 'stamped' END" if leg == "delivery" else "'stamped'"


def _timed(leg: str) -> str:
    return f"alerts WHERE set_aside = '' AND {SPANS[leg]} >= 0"


def _whole_ms(leg: str) -> str:
    return f"whole_div({SPANS[leg]}, {MILLISECOND_US})"


def _counted(leg: str) -> str:
    """One leg by itself: what is the same in all its rows is not grouped by."""
    by = "day, kind, region, service_provider" + (", is_proxy" if leg == "delivery" else "")
    return (
        f"SELECT day, '{leg}' AS leg, {_measured(leg)} AS measured, kind, region, service_provider,\n"
        f"    span_ms * {MILLISECOND_US} AS span_us, alert_count\n"
        f"  FROM (SELECT {by}, span_ms, count(*) AS alert_count\n"
        f"    FROM (SELECT {by}, {_whole_ms(leg)} AS span_ms FROM {_timed(leg)}) AS timed GROUP BY {by}, span_ms) AS counted"
    )


SQL = f"""
WITH counted AS (
  {UNION.join(map(_counted, SPANS))}
)
SELECT day, day * {DAY_US} AS began_at, {", ".join(GROUP)}, alert_count, '' AS set_aside
FROM counted
"""


def _keyed(leg: str) -> str:
    return (
        f"SELECT day, '{leg}' AS leg, {_measured(leg)} AS measured, kind, region, service_provider,\n"
        f"    {_whole_ms(leg)} * {MILLISECOND_US} AS span_us, alert_key\n  FROM {_timed(leg)}"
    )


LINES = f"""
WITH timed AS (
  {UNION.join(map(_keyed, SPANS))}
)
SELECT s.delivery_no, s.line, t.day, {", ".join(f"t.{column}" for column in GROUP)}
FROM timed t JOIN alert_stages s ON s.alert_key = t.alert_key
"""

ALERT_LEGS = Journey(
    name="alert_legs",
    title="Legs of alerts",
    source="CR1418, CR1438; domain.md 7.3",
    reads=("alerts",),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of the alerts' beginning."),
        Attribute("began_at", "BIGINT", "Start of that day."),
        Attribute(
            "leg",
            "VARCHAR",
            "wan (c to d, or e where d is not provided), dsp (e to f), delivery (b to f, or from the first stage known), confirm (f to g).",
        ),
        Attribute("measured", "VARCHAR", "stamped, or proxy where a later stage stands in for the Communications Hub Function's."),
        Attribute("kind", "VARCHAR", "Device Alert (device) or DCC Alert (dcc)."),
        Attribute("region", "VARCHAR", "CSP Region of the alerts."),
        Attribute("service_provider", "VARCHAR", "CSP or S1SP on whose leg they travel."),
        Attribute("span_us", "BIGINT", "How long the leg took, rounded down to whole milliseconds."),
        Attribute("alert_count", "BIGINT", "How many alerts took that long."),
        Attribute("set_aside", "VARCHAR", "Always empty: alerts that are set aside are counted among the alerts."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("leg", "measured", "kind", "region", "service_provider"),
    set_aside="set_aside <> ''",
    sorted_by=("day", *GROUP),
    span="span_us",
    stands_for="alert_count",
    late=LATE_LEGS,
    traced_to=(("alert_stages", tuple((column, column) for column in ("day", *GROUP))),),
    traced_by=(("alert_stages", LINES),),
)
