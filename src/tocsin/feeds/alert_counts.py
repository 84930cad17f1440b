"""Alerts counted: how many passed a stage in a quarter-hour, from senders that keep no record of each (domain.md 7.3)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.alerts import ALERT_STAGES

ALERT_COUNTS = Feed(
    name="alert_counts",
    code="AC",
    title="Alert counts",
    source="CR1418, CR1438; domain.md 7.3 and 7.4",
    every="quarter_hour",
    due=Due(hours_after=1),
    columns=(
        Column("slice_at", Kind.INSTANT, "Start of the quarter-hour in which the stage was passed."),
        Column("stage", Kind.CODE, "Stage passed, a to g.", known=tuple(ALERT_STAGES)),
        Column("alert_code", Kind.CODE, "Code of the alerts.", may_be_empty=True, empty_means="all codes together", fold="upper"),
        Column("region", Kind.CODE, "CSP Region of the alerts.", may_be_empty=True, empty_means="all that the sender serves"),
        Column("service_provider", Kind.CODE, "CSP or S1SP on whose leg they travel.", may_be_empty=True, empty_means="the sender"),
        Column("alert_count", Kind.WHOLE, "How many passed the stage, those held back as part of a storm among them."),
        Column(
            "consolidated_count",
            Kind.WHOLE,
            "How many of them were held back as part of a storm.",
            may_be_empty=True,
            empty_means="not told",
        ),
    ),
    key=("slice_at", "stage", "alert_code", "region", "service_provider"),
    sorted_by=("slice_at", "stage"),
    checks=(
        Check("AC-01", "no count is negative", "alert_count >= 0 AND (consolidated_count IS NULL OR consolidated_count >= 0)"),
        Check("AC-02", "no more are held back than there are", "consolidated_count IS NULL OR consolidated_count <= alert_count"),
        Check("AC-03", "a slice begins on a quarter-hour", "slice_at % 900000000 = 0"),
    ),
)
