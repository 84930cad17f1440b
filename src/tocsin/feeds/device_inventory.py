"""The device inventory of the DSP, a daily snapshot: what each device is and behind which region it stands (domain.md section 9)."""

from tocsin.feeds.feed import Column, Due, Feed, Kind
from tocsin.vocabulary.devices import GENERATIONS

DEVICE_INVENTORY = Feed(
    name="device_inventory",
    code="DI",
    title="Device inventory",
    source="domain.md section 9; duis.md 8.5",
    every="occasion",
    due=Due(hours_after=24),
    columns=(
        Column("device_id", Kind.IDENTIFIER, "EUI-64 of the device."),
        Column("valid_from", Kind.INSTANT, "From when this row is true.", may_be_empty=True, empty_means="always"),
        Column("device_type", Kind.CODE, "Device type."),
        Column("region", Kind.CODE, "CSP Region of its Communications Hub, or smets1.", may_be_empty=True, empty_means="unknown"),
        Column("generation", Kind.CODE, "SMETS1 or SMETS2+.", may_be_empty=True, empty_means="unknown", known=GENERATIONS),
        Column("service_provider", Kind.CODE, "CSP or S1SP that serves it.", may_be_empty=True, empty_means="unknown"),
        Column("model", Kind.TEXT, "Manufacturer and model.", may_be_empty=True, empty_means="unknown"),
        Column("firmware_version", Kind.TEXT, "Firmware version held.", may_be_empty=True, empty_means="unknown"),
        Column("comms_hub_id", Kind.IDENTIFIER, "EUI-64 of its Communications Hub.", may_be_empty=True, empty_means="is a hub, or unknown"),
        Column("status", Kind.CODE, "Status in the inventory.", may_be_empty=True, empty_means="unknown"),
    ),
    key=("device_id", "valid_from"),
    sorted_by=("device_id", "valid_from"),
)
