"""Firmware of devices: a row for each stage that an image for one device passed (CR1421, CR1440; domain.md 8.2)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.firmware import EVIDENCE, FIRMWARE_STAGES, STAGE_RESULTS

DEVICE_FIRMWARE = Feed(
    name="device_firmware",
    code="DF",
    title="Device firmware",
    source="CR1421, CR1440; domain.md 8.2 to 8.4; duis.md 8.4",
    every="day",
    due=Due(hours_after=24),
    columns=(
        Column(
            "request_id",
            Kind.IDENTIFIER,
            "The 11.1 or 11.4 that named the device: one attempt is one request and one device.",
            may_be_empty=True,
            empty_means="not told by this sender: the latest attempt of the device and version",
        ),
        Column(
            "stage_request_id",
            Kind.IDENTIFIER,
            "Where the stage has a Service Request of its own (11.3, 11.2), that one.",
            may_be_empty=True,
            empty_means="the stage has none, or it is not told",
        ),
        Column("device_id", Kind.IDENTIFIER, "EUI-64 of the device the image is for."),
        Column("stage", Kind.CODE, "Stage passed, F0 to F6.", known=tuple(FIRMWARE_STAGES)),
        Column("observed_at", Kind.INSTANT, "When the stage ended, by the clock of the system that saw it."),
        Column("result", Kind.CODE, "How the stage ended.", known=STAGE_RESULTS),
        Column("srv", Kind.CODE, "Service Request Variant of the stage.", may_be_empty=True, empty_means="not told"),
        Column("response_code", Kind.CODE, "DUIS response code of an answer or refusal.", may_be_empty=True, empty_means="none was given"),
        Column(
            "alert_code", Kind.CODE, "Alert that told of the stage.", may_be_empty=True, empty_means="no alert told of it", fold="upper"
        ),
        Column("evidence", Kind.CODE, "What the stamp rests on.", may_be_empty=True, empty_means="not told", known=EVIDENCE),
        Column("image_version", Kind.TEXT, "Firmware version of the image.", may_be_empty=True, empty_means="told by another stage"),
        Column(
            "version_found",
            Kind.TEXT,
            "Firmware version that the device says it runs, at stages F5 and F6.",
            may_be_empty=True,
            empty_means="not told",
        ),
        Column(
            "execution_at",
            Kind.INSTANT,
            "When the activation is to be carried out, if later than asked.",
            may_be_empty=True,
            empty_means="at once",
            far_future_allowed=True,
        ),
        Column("device_type", Kind.CODE, "Device type by the sender.", may_be_empty=True, empty_means="ask the inventory"),
        Column("model", Kind.TEXT, "Manufacturer and model.", may_be_empty=True, empty_means="ask the inventory"),
        Column("cohort", Kind.TEXT, "SMETS1 cohort, such as IOC or MOC (MDS).", may_be_empty=True, empty_means="not SMETS1, or not told"),
        Column("comms_hub_id", Kind.IDENTIFIER, "EUI-64 of its Communications Hub.", may_be_empty=True, empty_means="ask the inventory"),
        Column("region", Kind.CODE, "CSP Region by the sender.", may_be_empty=True, empty_means="ask the inventory"),
        Column("service_provider", Kind.CODE, "CSP or S1SP that carries the image.", may_be_empty=True, empty_means="ask the inventory"),
    ),
    key=("request_id", "device_id", "stage", "observed_at", "result"),
    sorted_by=("observed_at",),
    checks=(
        Check(
            "DF-01",
            "acceptance names the request and the version",
            "stage <> 'F0' OR (request_id IS NOT NULL AND image_version IS NOT NULL)",
        ),
        Check("DF-02", "a device is refused only where it is accepted", "result <> 'refused' OR stage IN ('F0', 'F4')"),
    ),
)
