"""The Service Audit Trail: one row for each time-point a Service Request passed (domain.md section 9; duis.md 8.1)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.audit_trail import DEVICE_RESULTS, MESSAGE_CLASSES, TIME_POINTS

AUDIT_TRAIL = Feed(
    name="audit_trail",
    code="AT",
    title="Service Audit Trail",
    source="domain.md section 9; duis.md 8.1; CR1421 names the trail the carrier of firmware tracking",
    every="day",
    due=Due(hours_after=24),
    columns=(
        Column("request_id", Kind.IDENTIFIER, "Originator : target : originator counter; for a scheduled run the run's own key."),
        Column("observed_at", Kind.INSTANT, "When the time-point was passed, by the clock of the system that saw it."),
        Column("time_point", Kind.CODE, "Which point of the journey was passed.", known=TIME_POINTS),
        Column("message_class", Kind.CODE, "What kind of message passed.", known=MESSAGE_CLASSES),
        Column(
            "srv",
            Kind.CODE,
            "Service Request Variant, text: 4.1 and 4.10 differ.",
            may_be_empty=True,
            empty_means="the request's other rows tell it",
        ),
        Column(
            "command_variant",
            Kind.WHOLE,
            "DUIS command variant 1 to 8; 9 is the DCC's own.",
            may_be_empty=True,
            empty_means="not told by this sender",
        ),
        Column("response_code", Kind.CODE, "DUIS response code.", may_be_empty=True, empty_means="not an answer"),
        Column(
            "device_result",
            Kind.CODE,
            "What the device's payload says.",
            may_be_empty=True,
            empty_means="not supplied",
            known=DEVICE_RESULTS,
        ),
        Column(
            "user_id",
            Kind.TEXT,
            "EUI-64 of the User; the party list gives its SEC Party.",
            may_be_empty=True,
            empty_means="party unknown",
            personal=True,
            # EUI-64 ids are the same in either case (duis.md 0.5).
            fold="upper",
        ),
        Column("device_id", Kind.IDENTIFIER, "EUI-64 of the target device.", may_be_empty=True, empty_means="answered in the DCC"),
        Column(
            "device_type",
            Kind.CODE,
            "Device type by the sender; the inventory outranks it.",
            may_be_empty=True,
            empty_means="ask the inventory",
        ),
        Column(
            "region", Kind.CODE, "CSP Region by the sender; the inventory outranks it.", may_be_empty=True, empty_means="ask the inventory"
        ),
        Column(
            "service_provider",
            Kind.CODE,
            "Service Provider on whose leg the message travels.",
            may_be_empty=True,
            empty_means="not told by this sender",
        ),
        Column(
            "execution_at",
            Kind.INSTANT,
            "Execution time asked for; the year 3000 is a cancellation.",
            may_be_empty=True,
            empty_means="not future-dated",
            far_future_allowed=True,
        ),
        Column("schedule_id", Kind.IDENTIFIER, "DCC schedule that caused the run.", may_be_empty=True, empty_means="not scheduled"),
        Column("scheduled_at", Kind.INSTANT, "Instant the scheduled run was planned for.", may_be_empty=True, empty_means="not scheduled"),
        Column(
            "instruction_no",
            Kind.WHOLE,
            "Which instruction of a future-dated command this outcome is of.",
            may_be_empty=True,
            empty_means="the only one",
        ),
        Column("instruction_total", Kind.WHOLE, "How many instructions the command holds.", may_be_empty=True, empty_means="one"),
        Column(
            "target_us",
            Kind.WHOLE,
            "Target Response Time carried by the row itself, microseconds.",
            may_be_empty=True,
            empty_means="by the table of target response times",
        ),
    ),
    key=("request_id", "time_point", "message_class", "command_variant", "observed_at", "instruction_no"),
    key_when_empty=("request_id", ("schedule_id", "srv", "device_id", "scheduled_at")),
    sorted_by=("observed_at",),
    # A nation's day is 75 million rows of 33 million requests (docs/decisions/0014).
    banded_by="request_id",
    stamped_within="observed_at",
    checks=(
        Check("AT-01", "command variant is one of 1 to 9", "command_variant IS NULL OR command_variant BETWEEN 1 AND 9"),
        Check(
            "AT-02",
            "instruction number is within its total",
            "instruction_no IS NULL OR instruction_total IS NULL OR instruction_no BETWEEN 1 AND instruction_total",
        ),
        Check("AT-03", "a target of its own is not negative", "target_us IS NULL OR target_us >= 0"),
        Check(
            "AT-04",
            "a scheduled run says when it was planned",
            "schedule_id IS NULL OR message_class <> 'scheduled' OR scheduled_at IS NOT NULL",
        ),
    ),
)
