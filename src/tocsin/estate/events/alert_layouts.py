"""How each sender writes its alert stages: no two alike (CR1438: eleven senders beside the DSP). Each has its Shape in senders/shapes."""

from dataclasses import dataclass, field

# Who sends what. CSP Central & South sends none: the DSP tells its stages. S1SP-9 sends none by agreement (domain.md 1.1).
COUNTING = "DCO"


@dataclass(frozen=True)
class AlertLayout:
    """One layout. `columns`: header and what stands below it; in a wide layout `at:x` is the stamp of stage x, and a line is an alert.

    `stages` are those the sender tells, of a long layout one a line, written by `stage_words`.
    """

    sender: str
    prefix: str
    columns: tuple[tuple[str, str], ...]
    stages: str
    stamp: str
    delimiter: str = ","
    zone: str = "UTC"
    encoding: str = "utf-8"
    stage_words: dict[str, str] = field(default_factory=dict)
    lower: bool = False

    @property
    def is_wide(self) -> bool:
        return any(what.startswith("at:") for _, what in self.columns)


LAYOUTS: tuple[AlertLayout, ...] = (
    AlertLayout(
        "DSP",
        "DSP_ALERTS_",
        (
            *(("alert_key", "key"), ("stage", "stage"), ("observed_at", "at"), ("alert_code", "code"), ("kind", "kind")),
            *(("device_id", "device"), ("device_type", "device_type"), ("region", "region"), ("provider", "provider")),
            *(("recipient", "user"), ("throttled_alert_count", "throttled"), ("consolidated", "consolidated"), ("clock_status", "clock")),
        ),
        "acdefg",
        "iso_ms",
    ),
    AlertLayout(
        "CSPN",
        "ARQ-ALERTTHROUGHPUT-",
        (("Alert Ref", "key"), ("Point", "stage"), ("Date Time", "at"), ("Code", "code"), ("CHF/Device GUID", "device")),
        "bcd",
        "british",
        delimiter=";",
        stage_words={"b": "CH", "c": "GATEWAY IN", "d": "GATEWAY OUT"},
    ),
    AlertLayout(
        "S1SP-SECURE",
        "SECURE_IP5B_",
        (
            *(("AlertId", "key"), ("DeviceGuid", "device"), ("DeviceType", "device_type"), ("AlertCode", "code"), ("Target", "user")),
            *(("T1", "at:a"), ("T2", "at:c"), ("T4", "at:d"), ("T5", "at:e"), ("ClockStatus", "clock")),
        ),
        "acde",
        "iso_ms",
    ),
    AlertLayout(
        "S1SP-DXC",
        "dxc.alert.",
        (("msg", "key"), ("ev", "stage"), ("ts", "at"), ("code", "code"), ("dev", "device")),
        "abcd",
        "epoch_ms",
        delimiter="\t",
        stage_words={"a": "10", "b": "20", "c": "30", "d": "40"},
    ),
    AlertLayout(
        "S1SP-CGI",
        "CGI_S1SP_ALERT_",
        (("STAGE", "stage"), ("STAMP", "at"), ("ALERT", "code"), ("KEY", "key"), ("GUID", "device"), ("KIND", "kind")),
        "abcd",
        "iso_s",
        delimiter="|",
        stage_words={"a": "DEVICE", "b": "HUB", "c": "S1SP", "d": "DSP"},
    ),
    # Cannot say when the condition arose (paper 3, CR1438: one provider cannot).
    AlertLayout(
        "S1SP-TRILLIANT",
        "TRL-UEM-",
        (
            ("Reference", "key"),
            ("Hub Received", "at:b"),
            ("HES Received", "at:c"),
            ("Passed", "at:d"),
            ("Event", "code"),
            ("EUI", "device"),
        ),
        "bcd",
        "american_ms",
    ),
    AlertLayout(
        "S1SP-5",
        "S5ALERTS",
        (("Schlüssel", "key"), ("Stage", "stage"), ("Time", "at"), ("Code", "code"), ("Device", "device")),
        "abcd",
        "iso_s",
        delimiter=";",
        encoding="utf-16",
        stage_words={"a": "A", "b": "B", "c": "C", "d": "D"},
    ),
    # The one sender of local time; its quarter-hours are named in UTC all the same.
    AlertLayout(
        "S1SP-6",
        "s1sp6_alerts_",
        (
            ("key", "key"),
            ("device", "device"),
            ("code", "code"),
            ("arose", "at:a"),
            ("hub", "at:b"),
            ("received", "at:c"),
            ("sent", "at:d"),
        ),
        "abcd",
        "british",
        zone="Europe/London",
    ),
    AlertLayout(
        "S1SP-7",
        "S7_EVT_",
        (("n", "stage"), ("t", "at"), ("k", "key"), ("c", "code"), ("d", "device"), ("y", "device_type")),
        "acd",
        "epoch_s",
        delimiter=";",
        stage_words={"a": "1", "c": "2", "d": "3"},
    ),
    AlertLayout(
        "S1SP-8",
        "alerts-s1sp8-",
        (("id", "key"), ("stage", "stage"), ("at", "at"), ("code", "code"), ("device", "device"), ("recipient", "user")),
        "abcd",
        "iso_ms",
        delimiter="\t",
        lower=True,
    ),
)
