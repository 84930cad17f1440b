"""Which SEC Party stands behind each User ID, and in which role (domain.md 6.5: group by party, not by EUI-64)."""

from tocsin.feeds.feed import Column, Due, Feed, Kind
from tocsin.vocabulary.service_requests import USER_ROLES

PARTY_LIST = Feed(
    name="party_list",
    code="PL",
    title="SEC Party list",
    source="domain.md 6.5",
    every="occasion",
    due=Due(hours_after=24),
    columns=(
        # EUI-64 ids are the same in either case (duis.md 0.5).
        Column("user_id", Kind.TEXT, "EUI-64 with which the User signs.", personal=True, fold="upper"),
        Column("sec_party", Kind.TEXT, "SEC Party; anonymised in anything published.", personal=True),
        Column(
            "user_role",
            Kind.CODE,
            "User Role.",
            may_be_empty=True,
            empty_means="not told",
            known=USER_ROLES,
        ),
    ),
    key=("user_id",),
    sorted_by=("user_id",),
)
