"""Firmware activations as the audit trail tells them, beside the Service Providers' own tracking (CR1440; domain.md 8.3)."""

from tocsin.journeys.trail_activations import TRAIL_ACTIVATIONS
from tocsin.measuring.measure import Area, Indicator, Rule


def _count(name: str, title: str, sentence: str, predicate: str) -> Indicator:
    return Indicator(name, title, "count", Rule(sentence, predicate))


TRAIL_ACTIVATIONS_AREA = Area(
    name="trail_activations",
    title="Device firmware: activation, by the audit trail",
    sentence="Each 11.3 received in the period, by what the audit trail and the inventory show of it.",
    of=TRAIL_ACTIVATIONS.name,
    feeds=("audit_trail",),
    groupings=((), ("generation",), ("service_provider",), ("region",), ("device_type",), ("model",)),
    order=73,
    beside="firmware_activations",
    indicators=(
        _count("requested", "Asked for (11.3)", "Activations asked for.", "outcome <> 'refused'"),
        _count("activated", "Answered", "Activations answered with success.", "outcome = 'activated'"),
        _count("confirmed", "Confirmed", "Not so, but a later 11.3 was, or the inventory's version changed.", "outcome = 'confirmed'"),
        _count("failed", "Failed", "Activations answered with an error, or told as not carried out.", "outcome = 'failed'"),
        _count(
            "version_unknown",
            "Version unknown",
            "Activations without an answer, after which an 11.2 was answered: its version is not in the trail.",
            "outcome = 'version_unknown'",
        ),
        _count("no_answer", "No answer", "Activations without any sign when the waiting time had passed.", "outcome = 'no_answer'"),
    ),
)
