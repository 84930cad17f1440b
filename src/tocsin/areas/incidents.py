"""Incidents by category, clock and Resolver Group together (CR1420); the Code Performance Measures are slices of it (domain.md 2.5)."""

from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.journeys.incident_cube import FEEDS, GROUPINGS, INDICATORS
from tocsin.measuring.measure import Area

INCIDENTS_AREA = Area(
    name="incidents",
    title="Incidents",
    sentence="Incidents that the DCC must resolve, by both clocks: how many, and how many within their target.",
    of=INCIDENT_CLOCKS.name,
    feeds=FEEDS,
    groupings=GROUPINGS,
    order=10,
    indicators=INDICATORS,
)
