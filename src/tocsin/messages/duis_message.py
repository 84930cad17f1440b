"""What a DUIS message says, as one value. Made by `duis.read_message`; every field that a message does not carry is None."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.messages.finding import Finding
from tocsin.messages.gbcs import GbcsAlert, GbcsHeader
from tocsin.messages.identifiers import MessageId


class Kind(StrEnum):
    """The classes of duis.md section 3, and the request."""

    REQUEST = "request"
    DCC_ALERT = "dcc-alert"
    DEVICE_ALERT = "device-alert"
    FUTURE_DATED_ALERT = "future-dated-alert"
    SCHEDULED_READ = "scheduled-read"
    ACKNOWLEDGEMENT = "acknowledgement"
    REJECTION = "rejection"
    PRE_COMMAND = "pre-command"
    NON_DEVICE_ANSWER = "non-device-answer"
    RESPONSE = "response"
    LOCAL_COMMAND = "local-command"
    SMETS1_RESPONSE = "smets1-response"
    SMETS1_ALERT = "smets1-alert"
    S1SP_ALERT = "s1sp-alert"


@dataclass(frozen=True, slots=True)
class FirmwareWarning:
    """The devices that an 11.1 or 11.4 was refused for, in the five lists of the answer."""

    invalid_id: tuple[str, ...] = ()
    not_commissioned: tuple[str, ...] = ()
    firmware_not_applicable: tuple[str, ...] = ()
    other_request_in_progress: tuple[str, ...] = ()
    invalid_gbcs_version: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DccAlert:
    """A DCC alert by its structure, with the keys that join it to requests, devices and schedules (duis.md 4.2). Stamps in microseconds."""

    structure: str
    device_id: str | None
    comms_hub_id: str | None
    device_ids: tuple[str, ...]
    related_request_id: MessageId | None
    schedule_id: str | None
    happened_at: int | None
    inner_alert_code: str | None
    firmware_version: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Smets1Header:
    """The inner header of a SMETS1 answer or alert: device to User, in clear (duis.md 6.3). `timestamp_at` is T1, in microseconds."""

    originator: str | None
    target: str | None
    counter: int | None
    timestamp_at: int | None
    clock: str
    is_from_gsme: bool | None
    has_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DuisMessage:
    """One DUIS message. Ids are upper case with dashes; stamps are microseconds since 1970 UTC; codes are text.

    `originator`, `target` and `counter` are those of the request, or of the ResponseID turned round: the User's side first.
    `request_id_text` and `response_id_text` stand as found when the id itself cannot be read (the id is then None and a finding says so).
    `gbcs` and `alert` come from the payload inside, where there is one; `findings` tell what is wrong without stopping the reading.
    """

    kind: Kind
    schema_version: str
    request_id: MessageId | None = None
    request_id_text: str | None = None
    response_id: MessageId | None = None
    response_id_text: str | None = None
    originator: str | None = None
    target: str | None = None
    counter: int | None = None
    srv: str | None = None
    service_reference: str | None = None
    command_variant: int | None = None
    body_element: str | None = None
    preceding_request_id: MessageId | None = None
    original_request_id: MessageId | None = None
    execution_at: int | None = None
    device_ids: tuple[str, ...] = ()
    device_type: str | None = None
    response_code: str | None = None
    response_at: int | None = None
    schedule_id: str | None = None
    alert_code: str | None = None
    alert_at: int | None = None
    throttle_count: int | None = None
    throttle_sequence: int | None = None
    instruction_no: int | None = None
    instruction_total: int | None = None
    firmware_warning: FirmwareWarning | None = None
    dcc_alert: DccAlert | None = None
    smets1: Smets1Header | None = None
    gbcs: GbcsHeader | None = None
    alert: GbcsAlert | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def device_count(self) -> int:
        """How many devices a non-device request names: an 11.1 can name 50,000 and is still one request (duis.md 6, rule 11)."""
        return len(self.device_ids)
