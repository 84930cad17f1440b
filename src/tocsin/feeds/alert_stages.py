"""Alerts one by one: a row for each stage an alert passed on its way to the User (CR1418, CR1438; domain.md 7.3)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.alerts import ALERT_KINDS, ALERT_STAGES, DEVICE_CLOCKS

ALERT_STAGE_ROWS = Feed(
    name="alert_stages",
    code="AS",
    title="Alert stages",
    source="CR1418, CR1438; domain.md 7.3 and 7.4; duis.md 8.3",
    every="quarter_hour",
    due=Due(hours_after=1),
    columns=(
        Column("alert_key", Kind.IDENTIFIER, "Originator : recipient : originator counter : code; each sender on the way writes the same."),
        Column("stage", Kind.CODE, "Stage passed, a to g.", known=tuple(ALERT_STAGES)),
        Column("observed_at", Kind.INSTANT, "When the stage was passed; of stage a by the clock of the device."),
        Column("alert_code", Kind.CODE, "GBCS code in hexadecimal, or the code of a DCC Alert.", fold="upper"),
        Column("kind", Kind.CODE, "Device Alert or DCC Alert.", may_be_empty=True, empty_means="by the code", known=ALERT_KINDS),
        Column("device_id", Kind.IDENTIFIER, "EUI-64 of the device it is of.", may_be_empty=True, empty_means="not told by this sender"),
        Column("device_type", Kind.CODE, "Device type by the sender.", may_be_empty=True, empty_means="ask the inventory"),
        Column("region", Kind.CODE, "CSP Region by the sender.", may_be_empty=True, empty_means="ask the inventory"),
        Column(
            "service_provider",
            Kind.CODE,
            "CSP or S1SP on whose leg the alert travels.",
            may_be_empty=True,
            empty_means="not told by this sender",
        ),
        Column(
            "user_id",
            Kind.TEXT,
            "EUI-64 of the User it is for; the party list gives its SEC Party.",
            may_be_empty=True,
            empty_means="not told by this sender",
            personal=True,
            fold="upper",
        ),
        Column(
            "throttled_count",
            Kind.WHOLE,
            "How many alerts of a storm this one stands for, itself among them.",
            may_be_empty=True,
            empty_means="itself alone",
        ),
        Column(
            "is_consolidated",
            Kind.FLAG,
            "Held back as one of a storm: another alert stands for it and is passed on.",
            may_be_empty=True,
            empty_means="no",
        ),
        Column("is_proxy", Kind.FLAG, "The stamp is of the next stage the sender can see.", may_be_empty=True, empty_means="no"),
        Column(
            "device_clock",
            Kind.CODE,
            "What the device says of its own clock.",
            may_be_empty=True,
            empty_means="not told",
            known=DEVICE_CLOCKS,
        ),
    ),
    key=("alert_key", "stage", "observed_at"),
    sorted_by=("observed_at",),
    # A nation's day is 340 million rows of 53 million alerts (docs/decisions/0016).
    banded_by="alert_key",
    checks=(
        Check("AS-01", "an alert stands for one alert or more", "throttled_count IS NULL OR throttled_count >= 1"),
        Check(
            "AS-02",
            "an alert held back is not passed to the User",
            "is_consolidated IS NULL OR NOT is_consolidated OR stage NOT IN ('f', 'g')",
        ),
    ),
)
