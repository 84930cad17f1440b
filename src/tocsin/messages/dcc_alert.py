"""DCC alerts: read by structure first and by code second, so that a missing name never loses an event (duis.md 4.2)."""

from typing import Any

from tocsin.messages.document import Part
from tocsin.messages.duis_message import DccAlert, Kind
from tocsin.messages.duis_values import Values

# The device an alert is about, by element name; the first that is there wins. A hub is the subject only if no other device is named.
_DEVICE = (
    "TargetDeviceID",
    "OtherDeviceID",
    "PPMIDDeviceID",
    "DeviceIDToSuspend",
    "DeviceID",
    "ESMEDeviceID",
    "CommsHubDeviceID",
    "CHFDeviceID",
)
_HUB = ("CommsHubDeviceID", "CHFDeviceID", "NewCHFDeviceID")
_DEVICES = ("MeterIDs", "DeviceList")
_REQUEST = (
    "CommandRequestID",
    "UpdateFirmwareRequestID",
    "UpdateHANDeviceLogServiceRequestID",
    "ChangeOfSupplierServiceRequestID",
    "RequestID",
)
_HAPPENED = ("StartDateTime", "TimeStamp", "Timestamp", "DateTime")
_INNER_CODE = ("DeviceAlertCode", "AlertCode", "S1SPAlertCode", "ECoSAlertCode")
_OUTCOME = (
    "CommsHubTransferStatus",
    "TransferResponseCode",
    "ActivateImageResultCode",
    "FirmwareVersionUpdateStatus",
    "ECoSErrorCode",
    "StatusCode",
)
_VERSION = ("FirmwareVersion", "FirmwareVersionDevice")


def read_dcc_alert(content: Part, values: Values) -> dict[str, Any]:
    """Fields of a DuisMessage that a DCCAlertMessage gives."""
    said = {part.local_name: part.text for part in content}
    wrapper = values.needed(content, "sr:DCCAlert")
    structure = None if wrapper is None else next(iter(wrapper), None)
    if wrapper is not None and structure is None:
        values.missing(wrapper, "the alert's structure")
    return {
        "kind": Kind.DCC_ALERT,
        "body_element": content.local_name,
        "alert_code": said.get("DCCAlertCode", "").upper() or None,
        "dcc_alert": None if structure is None else _read_structure(structure, values),
        **values.throttle(said),
    }


def _read_structure(structure: Part, values: Values) -> DccAlert:
    said = structure.texts()

    def first(names: tuple[str, ...]) -> str | None:
        return next((said[name] for name in names if name in said), None)

    request = values.message_id(first(_REQUEST), f"{structure.local_name} request id")
    device = values.eui64(_device_text(structure, said), f"{structure.local_name} device")
    devices = values.eui64_list(first(_DEVICES), f"{structure.local_name} devices")
    if device is None and request is not None and not devices:
        # An alert that names a request and no device is about the request's target.
        device = request.target
    return DccAlert(
        structure=structure.local_name,
        device_id=device,
        comms_hub_id=values.eui64(first(_HUB), f"{structure.local_name} hub"),
        device_ids=devices,
        related_request_id=request,
        schedule_id=said.get("DSPScheduleID"),
        happened_at=values.instant(first(_HAPPENED), f"{structure.local_name} stamp"),
        inner_alert_code=first(_INNER_CODE),
        firmware_version=first(_VERSION),
        outcome=_change(structure) or first(_OUTCOME),
    )


def _device_text(structure: Part, said: dict[str, str]) -> str | None:
    # A restored log names old and new hub and gas proxy; the log that was restored is that of the new one.
    if structure.local_name == "DeviceLogRestored":
        return said.get("NewGPFDeviceID" if structure.child("sr:GPFDeviceLog") else "NewCHFDeviceID")
    if structure.local_name in ("FirmwareDistributionFailure", "FirmwareUpgradeRequested"):
        return None
    return next((said[name] for name in _DEVICE if name in said), None)


def _change(structure: Part) -> str | None:
    """What changed, of a DeviceStatusChangeEvent: the name of the element inside."""
    change = structure.child("sr:DeviceStatusChange")
    kind = None if change is None else next(iter(change), None)
    return None if kind is None else kind.local_name
