"""Firmware of Communications Hubs: attempts to download an image, which no User asked for (CR1423; domain.md 2.7)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.firmware import DOWNLOAD_RESULTS

HUB_FIRMWARE = Feed(
    name="hub_firmware",
    code="HF",
    title="Communications Hub firmware",
    source="CR1423; domain.md 2.7, 8.4 and 9",
    every="day",
    due=Due(hours_after=24),
    columns=(
        Column("comms_hub_id", Kind.IDENTIFIER, "EUI-64 of the Communications Hub."),
        Column("image_version", Kind.TEXT, "Firmware version of the image."),
        Column("attempted_at", Kind.INSTANT, "When the download began; with hub and version it names the attempt."),
        Column(
            "told_at",
            Kind.INSTANT,
            "When the result was so; the latest of an attempt stands.",
            may_be_empty=True,
            empty_means="attempted_at",
        ),
        Column("result", Kind.CODE, "How the download stands.", known=DOWNLOAD_RESULTS),
        Column("failure", Kind.TEXT, "Why it failed, in the sender's words.", may_be_empty=True, empty_means="it did not, or not told"),
        Column("model", Kind.TEXT, "Manufacturer and model.", may_be_empty=True, empty_means="ask the inventory"),
        Column("region", Kind.CODE, "CSP Region by the sender.", may_be_empty=True, empty_means="ask the inventory"),
        Column("service_provider", Kind.CODE, "CSP or S1SP of the Communications Hub.", may_be_empty=True, empty_means="the sender"),
    ),
    key=("comms_hub_id", "image_version", "attempted_at", "result"),
    sorted_by=("attempted_at",),
    checks=(Check("HF-01", "a result comes no earlier than its attempt", "told_at IS NULL OR told_at >= attempted_at"),),
)
