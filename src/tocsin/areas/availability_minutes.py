"""Availability of every service, over the Target Availability Period and over the whole month: two denominators, kept apart (2.6)."""

from tocsin.journeys.availability import AVAILABILITY, FEED
from tocsin.measuring.measure import Area, Indicator, Rule


def _counted(name: str, title: str, sentence: str, amount: str) -> Indicator:
    return Indicator(name, title, "count", Rule(sentence, "TRUE", amount=amount))


AVAILABILITY_AREA = Area(
    name="availability_minutes",
    title="Availability of services",
    sentence="Minutes in which a service was there, of its Target Availability Period and of the whole month, and what took them.",
    of=AVAILABILITY.name,
    feeds=(FEED,),
    groupings=(("service",),),
    order=40,
    source="provider_feed",
    indicators=(
        Indicator(
            "of_tap",
            "Of the Target Availability Period",
            "percent",
            Rule("Minutes of the month without compliant maintenance.", "TRUE", amount="tap_minutes"),
            Rule("Those of them in which the service was not down.", "TRUE", amount="available_minutes"),
        ),
        Indicator(
            "of_month",
            "Of the whole month",
            "percent",
            Rule("All minutes of the month, as the Performance Measurement Methodology has it.", "TRUE", amount="month_minutes"),
            Rule(
                "Those of them in which the service was not down outside of compliant maintenance.",
                "TRUE",
                amount="month_available_minutes",
            ),
        ),
        _counted("maintenance", "Compliant maintenance, min", "Complete minutes of compliant maintenance.", "maintenance_minutes"),
        _counted("down", "Down, min", "Complete minutes down outside of compliant maintenance.", "down_minutes"),
        _counted("outages", "Records", "Records of outages, maintenance and failovers that touch the month.", "outage_count"),
        _counted("failovers", "Failovers", "Failovers to a standby, which are no unavailability.", "failover_count"),
        _counted("no_incident", "Without an Incident", "Unplanned outages for which no Incident was recorded.", "no_incident_count"),
        _counted("not_compliant", "Not compliant", "Planned Maintenance not arranged in compliance: down time.", "not_compliant_count"),
        _counted("untimely", "Outside the nights", "Maintenance told as compliant outside the nights for it.", "untimely_count"),
    ),
)
