"""Activation of images on devices by final evidence, and its round trip (CR1440; domain.md 8.3 and 8.4)."""

from tocsin.journeys.firmware_activations import FIRMWARE_ACTIVATIONS
from tocsin.measuring.measure import Area, Indicator, Rule


def _count(name: str, title: str, sentence: str, predicate: str) -> Indicator:
    return Indicator(name, title, "count", Rule(sentence, predicate))


def _round_trip(per_mille: int, word: str) -> Indicator:
    sentence = "Activations answered with success: from the request, or the execution time asked for, to the answer."
    rule = Rule(sentence, "activation_us IS NOT NULL")
    return Indicator(f"activation_time_{word}", f"Activation, {word}", "seconds", rule, per_mille=per_mille)


FIRMWARE_ACTIVATIONS_AREA = Area(
    name="firmware_activations",
    title="Device firmware: activation",
    sentence="Each attempt whose activation was first asked for in the period, by an 11.3 or of itself, and by what it was shown to end.",
    of=FIRMWARE_ACTIVATIONS.name,
    feeds=("device_firmware",),
    groupings=((), ("began_on",), ("generation",), ("service_provider",), ("region",), ("device_type",), ("model",)),
    order=71,
    source="provider_feed",
    beside="trail_activations",
    indicators=(
        _count("requested", "Asked for (F4)", "Activations asked for.", "outcome <> 'refused'"),
        _count("activated", "Answered (F5)", "Activations answered with success.", "outcome = 'activated'"),
        _count(
            "confirmed",
            "Confirmed (F6)",
            "Activations without such an answer whose version was found all the same.",
            "outcome = 'confirmed'",
        ),
        _count("failed", "Failed", "Activations told as failed, or found to run another version.", "outcome = 'failed'"),
        _count("no_answer", "No answer", "Activations without any evidence when the waiting time had passed.", "outcome = 'no_answer'"),
        _count("withdrawn", "Withdrawn", "Activations called off before their execution time.", "outcome = 'withdrawn'"),
        _count("superseded", "Superseded", "Devices named again before the activation was over.", "outcome = 'superseded'"),
        _round_trip(500, "p50"),
        _round_trip(900, "p90"),
        _round_trip(950, "p95"),
        _round_trip(1000, "max"),
    ),
)
