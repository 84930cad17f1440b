"""Incidents as known at Working Days 1, 2, 3 and 5 (CR1420 [B]): the same indicators as the cube's, each day from what had come by then."""

from tocsin.journeys.incident_cube import FEEDS, GROUPINGS, INDICATORS
from tocsin.journeys.incident_days import INCIDENT_DAYS
from tocsin.measuring.journey import WORKING_DAY
from tocsin.measuring.measure import Area

INCIDENT_DAYS_AREA = Area(
    name="incident_days",
    title="Incidents by Working Day",
    sentence="Incidents that the DCC must resolve, as known at the deadline of each Working Day on which they are to be told.",
    of=INCIDENT_DAYS.name,
    feeds=FEEDS,
    groupings=tuple((WORKING_DAY, *grouping) for grouping in GROUPINGS),
    order=11,
    indicators=INDICATORS,
)
