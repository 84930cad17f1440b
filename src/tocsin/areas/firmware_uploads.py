"""Images on their way to devices, stage by stage, and the round trip of the upload (CR1421, CR1440; domain.md 8.2 and 8.4)."""

from tocsin.journeys.firmware_uploads import FIRMWARE_UPLOADS
from tocsin.measuring.measure import Area, Indicator, Rule

ACCEPTED = "outcome NOT IN ('refused', 'superseded')"


def _count(name: str, title: str, sentence: str, predicate: str) -> Indicator:
    return Indicator(name, title, "count", Rule(sentence, predicate))


def _round_trip(per_mille: int, word: str) -> Indicator:
    sentence = "Images delivered over the HAN: from acceptance by the DSP to receipt by the device."
    return Indicator(f"upload_time_{word}", f"Upload, {word}", "seconds", Rule(sentence, "upload_us IS NOT NULL"), per_mille=per_mille)


FIRMWARE_UPLOADS_AREA = Area(
    name="firmware_uploads",
    title="Device firmware: upload",
    sentence="Each device that an 11.1 or 11.4 of the period named, and how far its image came; an attempt a device, not a request.",
    of=FIRMWARE_UPLOADS.name,
    feeds=("device_firmware",),
    groupings=((), ("began_on",), ("generation",), ("service_provider",), ("region",), ("device_type",), ("model",)),
    order=70,
    source="provider_feed",
    indicators=(
        _count("named", "Devices named", "Devices that requests named: accepted, refused and superseded attempts.", "TRUE"),
        _count("refused", "Refused", "Devices that the DSP left out of the request they stood in.", "outcome = 'refused'"),
        _count("superseded", "Superseded", "Devices named again before the attempt was over.", "outcome = 'superseded'"),
        _count("accepted", "Accepted (F0)", "Devices for which the DSP accepted the image.", ACCEPTED),
        _count("sent", "Sent on (F1)", "Images sent to the CSP or S1SP.", f"{ACCEPTED} AND sent_at IS NOT NULL"),
        _count("at_hub", "At the hub (F2)", "Images delivered to the Communications Hub.", f"{ACCEPTED} AND hub_at IS NOT NULL"),
        _count(
            "hub_untold",
            "Hub stage not provided",
            "Attempts of which nobody tells when the image reached the Communications Hub.",
            f"{ACCEPTED} AND is_hub_untold",
        ),
        _count("at_device", "At the device (F3)", "Images delivered over the HAN.", f"{ACCEPTED} AND device_at IS NOT NULL"),
        _count("late", "Late", "Delivered after the target time.", "outcome = 'late'"),
        _count("failed", "Failed", "Told as failed, and not delivered since.", "outcome = 'failed'"),
        _count("expired", "Expired", "Neither delivered nor told as failed when the target time had passed.", "outcome = 'expired'"),
        _count(
            "not_reportable",
            "Not reportable",
            "Devices that cannot acknowledge an image: their journey ends at the Communications Hub, and they are no failures.",
            f"{ACCEPTED} AND reported_to = 'F2'",
        ),
        _count("not_told", "Delivery not provided", "Devices of a Service Provider that tells of no delivery.", "outcome = 'not_told'"),
        _count("told_by_alert", "Told by alert", "Images of whose delivery an alert told, not a log alone.", f"{ACCEPTED} AND is_alerted"),
        _count("devices", "Devices", "Devices for which an image was accepted, each once.", "is_last_of_device"),
        _count(
            "devices_on_target",
            "Devices on the version",
            "Devices whose last attempt was shown to end on the image's version.",
            "is_last_of_device AND is_on_target",
        ),
        _round_trip(500, "p50"),
        _round_trip(900, "p90"),
        _round_trip(950, "p95"),
        _round_trip(1000, "max"),
    ),
)
