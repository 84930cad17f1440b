"""Remedy incidents as their audit log: one row for each change of an Incident (domain.md section 3; CR1420)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.incidents import EXCLUSIONS, RESPONSIBLE_PARTIES, STATUSES

INCIDENT_LOG = Feed(
    name="incident_log",
    code="IL",
    title="Incident audit log",
    source="CR1420; domain.md 3.3",
    every="day",
    due=Due(working_day=5),
    columns=(
        Column("incident_id", Kind.TEXT, "Incident reference in the DCC Service Management System."),
        Column("changed_at", Kind.INSTANT, "When the change was made."),
        Column(
            "sequence", Kind.WHOLE, "Order of changes that carry the same stamp.", may_be_empty=True, empty_means="the order of the file"
        ),
        Column("status", Kind.CODE, "Status after the change.", known=STATUSES),
        Column("pending_reason", Kind.CODE, "Why it waits.", may_be_empty=True, empty_means="not pending, or reason not told"),
        Column(
            "category",
            Kind.WHOLE,
            "Incident category 1 (most severe) to 5 after the change.",
            may_be_empty=True,
            empty_means="unchanged, or not told",
        ),
        Column("resolver_group", Kind.TEXT, "Resolver Group after the change.", may_be_empty=True, empty_means="not assigned"),
        Column("responsible_party", Kind.CODE, "Who must resolve it.", may_be_empty=True, empty_means="dcc", known=RESPONSIBLE_PARTIES),
        Column(
            "submitted_at", Kind.INSTANT, "When the DCC logged it, if the row tells.", may_be_empty=True, empty_means="the first change"
        ),
        Column("reported_met", Kind.FLAG, "Service-level flag of the sending system.", may_be_empty=True, empty_means="not reported"),
        Column(
            "exclusion",
            Kind.CODE,
            "Why it does not count.",
            may_be_empty=True,
            empty_means="it counts",
            known=EXCLUSIONS,
        ),
    ),
    key=("incident_id", "changed_at", "sequence", "status", "pending_reason", "category", "resolver_group"),
    sorted_by=("incident_id", "changed_at", "sequence"),
    checks=(Check("IL-01", "category is 1 to 5", "category IS NULL OR category BETWEEN 1 AND 5"),),
)
