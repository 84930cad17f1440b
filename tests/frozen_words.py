"""Made-up words of Service Providers, and a restated month, for the made-up run: hostile, long, and what nobody told."""

from tocsin.reports.frozen_received import FeedLine
from tocsin.reports.frozen_restated import RestatedDelivery, RestatedFigure, RestatedMonth, Restatements
from tocsin.reports.frozen_words import CommentLine, ExceptionLine, ProviderWords, UnreportableLine
from tocsin.vocabulary.calendar import parse_instant

FEEDS = (
    FeedLine("audit_trail", "Service Audit Trail", "every day", "within 24 hours of the time it covers", "assumed", "domain.md 9"),
    FeedLine("incidents", "Incidents", "every month", "by the end of Working Day 5 after the month", "verified", "CR1420"),
)


def made_up_words(hostile: str, long: str) -> ProviderWords:
    """One level with exceptions, one with none, one that does not tell; commentary that must stay inert, and that must stay readable."""
    return ProviderWords(
        reporting=("CSPC", "CSPN", "S1SP-8"),
        exceptions=(
            ExceptionLine("CSPC", "central", "4.3", "cpm_1", "final", "events", 4_310, 0),
            ExceptionLine("CSPN", "north", "4.3", "cpm_1", "final", "events", 8_905, 27),
            ExceptionLine("CSPN", "north", "6.2", "none", "final", "minutes", 44_640, 35),
            ExceptionLine("S1SP-8", "smets1", "s1_on_demand", "cpm_1", "initial", "events", None, None),
        ),
        comments=(
            CommentLine("CSPN", "north", "4.3", "cpm_1", "esi_101", "final", hostile),
            CommentLine("CSPN", "north", "6.2", "none", "monthly", "final", f"{long} {'The storm of 3 August. ' * 60}".strip()),
        ),
        unreportable=(UnreportableLine("*", "PPMID", "IOC", "*", ("F2",), "verified"),),
    )


def made_up_restatements() -> Restatements:
    """July, told otherwise after a late final: a measure that fell below its target, and a volume."""
    came = parse_instant("2021-09-16T07:30:00Z")
    return Restatements(
        since=parse_instant("2021-09-13T00:00:00Z"),
        told_by="2021-07-20210913T000000-0a1b2c3d",
        months=(
            RestatedMonth(
                month="2021-07",
                old_run="2021-07-20210913T000000-0a1b2c3d",
                new_run="2021-07-20210920T000000-4e5f6071",
                old_as_at=parse_instant("2021-09-13T00:00:00Z"),
                new_as_at=parse_instant("2021-09-20T00:00:00Z"),
                figures=(
                    RestatedFigure("cpm_1", "cpm_1", "", (), "percent", "99.02", "98.76", "met", "below_target", 10_204, 10_204, 10_104,
                                   10_077, "\N{MINUS SIGN}0.26", ("audit_trail",)),
                    RestatedFigure("prepayment.volume/srv=2.2", "prepayment", "volume", (("srv", "2.2"),), "count", "1403", "1419",
                                   "stated", "stated", 1_403, 1_419, None, None, "+16", ("audit_trail",)),
                ),
                figure_count=2,
                status_count=1,
                deliveries=(
                    RestatedDelivery("came", "audit_trail-7001", "audit_trail", "CSPN", "2021-07-14", "final", came, "audit_trail-6001"),
                    RestatedDelivery("went", "audit_trail-6001", "audit_trail", "CSPN", "2021-07-14", "initial", came, "audit_trail-7001"),
                ),
                delivery_count=2,
                others=3,
            ),
        ),
    )  # fmt: skip
