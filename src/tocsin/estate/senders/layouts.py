"""How each sender lays out its audit trail. A reader's side of the same layouts is written by hand in shapes/*.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tocsin.estate.senders.text import ISO, Epoch, StampForm

Kind = Literal["lines", "unfolded", "objects", "sheet"]


@dataclass(frozen=True)
class TrailLayout:
    """One sender's file. `fields` maps its column names, in order, to what stands in them: columns of the feed, a piece of the
    RequestID (originator, target, counter, or path: all three in one cell parted by /), or an instant of the DCO's two.

    `name` is strftime of the file day; {submission} is filled where it stands. `words` are the sender's own for coded columns.
    """

    sender: str
    name: str
    fields: Mapping[str, str]
    kind: Kind = "lines"
    delimiter: str = ","
    encoding: str = "utf-8"
    has_header: bool = True
    stamp: StampForm | Epoch = ISO
    # Execution times and planned times are the User's and the schedule's, not stamps of the sender's own clock.
    planned: StampForm | Epoch = ISO
    is_lower: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


FEED_COLUMNS = (
    "request_id", "observed_at", "time_point", "message_class", "srv", "command_variant", "response_code", "device_result", "user_id",
    "device_id", "device_type", "region", "service_provider", "execution_at", "schedule_id", "scheduled_at", "instruction_no",
    "instruction_total",
)  # fmt: skip

SPLIT = ("originator", "target", "counter", *FEED_COLUMNS[1:])


def _named(names: str, columns: tuple[str, ...], part: str = ",") -> dict[str, str]:
    return dict(zip(names.split(part), columns, strict=True))


# The S1SP that writes words where others write codes.
TIME_POINT_WORDS = {
    "RX_DSP": "Received from User", "ACK_TX": "Acknowledged to User", "TX_CSP": "Sent to network", "RX_CSP": "Received by network",
    "TX_DEV": "Sent to device", "RX_DEV": "Received from device", "RX_CSP_UP": "Returned by network", "RX_DSP_UP": "Received from network",
    "TX_USER": "Sent to User", "USER_ACK": "Acknowledged by User",
}  # fmt: skip
MESSAGE_WORDS = {
    "request": "Service Request", "ack": "Acknowledgement", "reject": "Refusal", "precommand": "Pre-Command",
    "response": "Service Response", "scheduled": "Scheduled run", "fd_outcome": "Future-dated outcome", "local": "Local Command",
    "failure_alert": "Failure alert",
}  # fmt: skip
# CSPRegion of the DUIS schema (domain.md 1.2; duis.md section 7).
DUIS_REGIONS = {"north": "North", "central": "Central", "south": "South", "smets1": "SMETS1"}

LAYOUTS: Mapping[str, TrailLayout] = {
    layout.sender: layout
    for layout in (
        TrailLayout("DSP", "DSP_SAT_%Y%m%d.csv.gz", {name: name for name in FEED_COLUMNS}),
        TrailLayout(
            "S1SP-SECURE",
            "SECURE-SAT-%Y-%m-%d.csv.gz",
            _named(
                "Originator ID;Target ID;Originator Counter;Timestamp;Point;Message;Service Request Variant;Command Variant;Response Code;"
                "Device Result;User ID;Device ID;Device Type;Region;Service Provider;Execution Date Time;Schedule;Scheduled For;"
                "Instruction;Instructions",
                SPLIT,
                ";",
            ),
            delimiter=";",
            stamp=StampForm("%Y-%m-%d ", "{s:02d}.{ms:03d}+00:00"),
        ),
        TrailLayout(
            "S1SP-DXC",
            "dxc_audit_%d%m%Y.tsv.gz",
            # Another order of columns as well.
            _named(
                "when|point|class|who|device|dev_type|region|sp|service|variant|code|result|req|exec|sched|sched_when|inst|insts",
                ("observed_at", "time_point", "message_class", "user_id", "device_id", "device_type", "region", "service_provider", "srv",
                 "command_variant", "response_code", "device_result", "request_id", "execution_at", "schedule_id", "scheduled_at",
                 "instruction_no", "instruction_total"),
                "|",
            ),
            delimiter="\t",
            stamp=StampForm("%d/%m/%Y ", "{s:02d}.{ms:03d}"),
            planned=StampForm("%d/%m/%Y ", "{s:02d}.{ms:03d}"),
        ),
        TrailLayout(
            "S1SP-CGI",
            "CGI_SAT_%Y%m%d_{submission}.psv.gz",
            _named(
                "Request reference|Observed|Time-point|Message class|SRV|CV|Response – code|Response – device|User|Device|Device type|"
                "Region|Provider|Execute at|Schedule|Planned at|Instruction – number|Instruction – of",
                FEED_COLUMNS,
                "|",
            ),
            delimiter="|",
            encoding="cp1252",
        ),
        TrailLayout(
            "S1SP-TRILLIANT",
            "trilliant-trail-%Y%m%d.jsonl.gz",
            _named("ref,ts,tp,mc,srv,cv,rc,dr,user,device,type,csp_region,sp,exec_ts,sched,sched_ts,n,of", FEED_COLUMNS),
            kind="objects",
            stamp=Epoch(1000),
            planned=Epoch(1000),
            is_lower=True,
        ),
        TrailLayout(
            "S1SP-5",
            "S1SP5_%y%m%d.dat.gz",
            {str(place): name for place, name in enumerate(SPLIT)},
            has_header=False,
            delimiter="|",
            stamp=StampForm("%Y-%m-%dT", "{s:02d}Z"),
        ),
        TrailLayout(
            "S1SP-6",
            "S1SP6_SAT_%Y_%j.csv.gz",
            _named(
                "Request ID,Local time,Point,Class,SRV,Variant,Code,Result,User,Device,Type,Region,Provider,Execution (UTC),Schedule,"
                "Scheduled (UTC),No,Of",
                FEED_COLUMNS,
            ),
            stamp=StampForm("%d-%m-%Y ", "{s:02d}.{ms:03d}"),
        ),
        TrailLayout(
            "S1SP-7",
            "S1SP7 audit trail %Y-%m-%d.txt.gz",
            _named(
                "Request|Time|What happened|To which message|Service|CV|Code|Result|User|Device|Device type|Region|Provider|Execution|"
                "Schedule|Scheduled|Instruction|Instructions",
                FEED_COLUMNS,
                "|",
            ),
            delimiter="\t",
            encoding="utf-16",
            words={
                "time_point": TIME_POINT_WORDS,
                "message_class": MESSAGE_WORDS,
                "device_result": {"ok": "OK", "failed": "FAIL", "partial": "PART", "not_supplied": "N/A"},
            },
        ),
        TrailLayout(
            "S1SP-8",
            "s1sp-8.sat.%Y%m%d.csv.gz",
            _named("path,at_us,point,class,srv,cv,code,result,user,device,type,CSPRegion,sp,exec,schedule,planned,no,total",
                   ("path", *FEED_COLUMNS[1:])),
            stamp=Epoch(1),
            words={"region": DUIS_REGIONS},
        ),
        TrailLayout(
            "S1SP-9",
            "S1SP-9 SAT %Y%m%d.xlsx",
            _named("Request|Time|Point|Class|SRV|CV|Code|Result|User|Device|Type|Region|Provider|Execution|Schedule|Scheduled|No|Of",
                   FEED_COLUMNS, "|"),
            kind="sheet",
        ),
        TrailLayout(
            "DCO",
            "DCO_COMMANDS_%Y%m%d.csv.gz",
            _named(
                "request:received:transmitted:message:srv:variant:user:device:device_type:region:provider",
                ("request_id", "received_at", "transmitted_at", "message_class", "srv", "command_variant", "user_id", "device_id",
                 "device_type", "region", "service_provider"),
                ":",
            ),
            kind="unfolded",
            delimiter=";",
        ),
    )
}  # fmt: skip
