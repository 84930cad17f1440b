"""SMKI services: one row a request for certificates, or for a document of the SMKI Repository (CPM 7 and 8; domain.md 2.2)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.smki import SMKI_SERVICES

SMKI_SERVICE_REQUESTS = Feed(
    name="smki_services",
    code="SK",
    title="SMKI certificates and repository documents",
    source="SEC H13.1 and L8; PMM of 2018, CPM 8 (domain.md 2.2); layout our own",
    every="month",
    due=Due(working_day=5),
    columns=(
        Column("request_id", Kind.TEXT, "Reference of the request at the sender."),
        Column("service", Kind.CODE, "What was asked for.", known=SMKI_SERVICES, fold="lower"),
        Column("requested_at", Kind.INSTANT, "When the request was received, at the DCC's interface."),
        Column(
            "responded_at", Kind.INSTANT, "When the response was sent.", may_be_empty=True, empty_means="no response when the file was made"
        ),
        Column("item_count", Kind.WHOLE, "Certificates or documents asked for.", may_be_empty=True, empty_means="one"),
        Column(
            "exclusion",
            Kind.TEXT,
            "Agreed exception by which the request leaves the measure.",
            may_be_empty=True,
            empty_means="none: it counts",
        ),
    ),
    key=("request_id",),
    sorted_by=("requested_at",),
    checks=(Check("SK-01", "a request asks for one thing or more", "item_count IS NULL OR item_count >= 1"),),
)
