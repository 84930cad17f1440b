"""Monthly reports of the Service Providers: what each says of its own service levels (CR1430; domain.md 2.3, 2.4 and 9)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.provider_reports import PROVIDER_REPORTS, REPORT_UNITS

PROVIDER_REPORT_ROWS = Feed(
    name="provider_reports",
    code="PR",
    title="Service Provider reports",
    source="CR1430; domain.md 2.3, 2.4 and 9",
    every="month",
    due=Due(working_day=2, status="verified"),
    columns=(
        Column("report", Kind.CODE, "Which report the row is of.", known=PROVIDER_REPORTS),
        Column("measure_ref", Kind.TEXT, "Reference of the Service Provider measure, such as 1.1 or 4.3: text."),
        Column(
            "month_start_at", Kind.INSTANT, "First instant of the month reported.", may_be_empty=True, empty_means="the month of the file"
        ),
        Column("service_provider", Kind.CODE, "Service Provider whose level it is.", may_be_empty=True, empty_means="the sender"),
        Column("region", Kind.CODE, "CSP Region.", may_be_empty=True, empty_means="all that the Service Provider serves"),
        Column("unit", Kind.CODE, "What is counted.", may_be_empty=True, empty_means="events", known=REPORT_UNITS),
        Column(
            "counted", Kind.WHOLE, "Events due, or minutes: what the percentage is of.", may_be_empty=True, empty_means="a percentage alone"
        ),
        Column("met", Kind.WHOLE, "Those of them on time, or available.", may_be_empty=True, empty_means="a percentage alone"),
        Column(
            "percent_hundredths",
            Kind.WHOLE,
            "Percentage as the sender states it, in hundredths of a percent: 9928 is 99.28 %.",
            may_be_empty=True,
            empty_means="counts alone",
        ),
        Column("exception_count", Kind.WHOLE, "Events left out by agreed exceptions.", may_be_empty=True, empty_means="not told"),
        Column(
            "comment",
            Kind.TEXT,
            "Commentary of the Service Provider; the report prints it as it was sent.",
            may_be_empty=True,
            empty_means="none",
        ),
    ),
    key=("report", "measure_ref", "service_provider", "region"),
    sorted_by=("report", "measure_ref"),
    checks=(
        Check("PR-01", "no more are met than counted", "counted IS NULL OR met IS NULL OR met BETWEEN 0 AND counted"),
        Check("PR-02", "a percentage is 0 to 100", "percent_hundredths IS NULL OR percent_hundredths BETWEEN 0 AND 10000"),
        Check(
            "PR-03",
            "a row tells both counts or a percentage",
            "(counted IS NOT NULL AND met IS NOT NULL) OR percent_hundredths IS NOT NULL",
        ),
        Check("PR-04", "exceptions are not negative", "exception_count IS NULL OR exception_count >= 0"),
    ),
)
