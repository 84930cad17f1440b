"""Legs of alerts: one row a leg of the way that has a time, since a journey has one span (domain.md 7.3)."""

from tocsin.journeys.alert_facts import DATED, LEGS, with_legs
from tocsin.journeys.alert_paths_sql import PATHS
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey

_SPAN = "CASE leg WHEN 'wan' THEN wan_us WHEN 'dsp' THEN dsp_us WHEN 'delivery' THEN delivery_us ELSE confirm_us END"

SQL = f"""
WITH {PATHS}
SELECT day, began_at, leg, CASE WHEN leg = 'delivery' AND is_proxy THEN 'proxy' ELSE 'stamped' END AS measured,
  kind, region, service_provider, {_SPAN} AS span_us, set_aside, alert_key
FROM judged CROSS JOIN alert_leg_names
WHERE set_aside = '' AND {_SPAN} IS NOT NULL
"""

ALERT_LEGS = Journey(
    name="alert_legs",
    title="Legs of alerts",
    source="CR1418, CR1438; domain.md 7.3",
    reads=("alert_stages", "device_inventory", DELIVERIES.name, *(relation.name for relation in DATED), LEGS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "Beginning of the alert."),
        Attribute(
            "leg",
            "VARCHAR",
            "wan (c to d, or e where d is not provided), dsp (e to f), delivery (b to f, or from the first stage known), confirm (f to g).",
        ),
        Attribute("measured", "VARCHAR", "stamped, or proxy where a later stage stands in for the Communications Hub Function's."),
        Attribute("kind", "VARCHAR", "Device Alert (device) or DCC Alert (dcc)."),
        Attribute("region", "VARCHAR", "CSP Region of the alert."),
        Attribute("service_provider", "VARCHAR", "CSP or S1SP on whose leg it travels."),
        Attribute("span_us", "BIGINT", "How long the leg took."),
        Attribute("set_aside", "VARCHAR", "Always empty: alerts that are set aside are counted among the alerts."),
        Attribute("alert_key", "BIGINT", "Key of the alert."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("leg", "measured", "kind", "region", "service_provider"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "leg", "measured", "kind", "region", "service_provider", "span_us", "alert_key"),
    span="span_us",
    dated=with_legs,
    traced_to=(("alert_stages", (("alert_key", "alert_key"),)),),
)
