"""Anonymity of SEC Parties in anything published: a code a reporting year, and cells too small to hide anybody (domain.md 6.5)."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from tocsin.engines.engine import Relation
from tocsin.measuring.tally import Breakdown, LookedUp
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.holes import UNKNOWN

# A User ID the party list does not have stands for its party as user:<id>, and is published under a code of this letter.
UNLISTED = "user:"
UNLISTED_CODE = "U"

# Stands in a figure's name for all parties of a cell that is suppressed: who they are must not be told either.
NOT_SHOWN = "not_shown"

PARTY_CODE = LookedUp(column="party_code", by="sec_party", relation="party_codes", otherwise=UNKNOWN)
PARTY_CODES = Relation("party_codes", (("sec_party", "VARCHAR"), ("party_code", "VARCHAR")))

# Six digits: two of 200 parties then share a first choice in about one year of fifty, and the second choice settles it.
_CODES = 10**6
_SHORTEST_SECRET = 16


def reporting_year(period: Period) -> str:
    """The year within which a party keeps its code, as "2021/22": the regulatory year, 1 April to 31 March (domain.md 13)."""
    first = period.year if period.month >= 4 else period.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def party_code(sec_party: str, year: str, secret: bytes, attempt: int = 0) -> str:
    """The code of a party in a reporting year: HMAC-SHA256 under a secret that is kept outside the report store.

    Neither the name nor the size of a party can be read from it, nor one year's code from another's; only that it is a User ID
    which the party list does not have (U instead of P).
    Raises BadDeclaration for a secret under 16 bytes.
    """
    if len(secret) < _SHORTEST_SECRET:
        raise BadDeclaration(f"the anonymity secret has {len(secret)} bytes; at least {_SHORTEST_SECRET} are needed. Make a new one.")
    drawn = int.from_bytes(_digest(f"{year}\x1f{attempt}\x1f{sec_party}", secret)[:16])
    kind = UNLISTED_CODE if sec_party.startswith(UNLISTED) else "P"
    return f"{kind}{drawn % _CODES:06d}"


def party_codes(sec_parties: Iterable[str], year: str, secret: bytes) -> dict[str, str]:
    """A different code for every party of a set, whatever their order; UNKNOWN stays as it is.

    Where two parties draw one code, the one with the greater full digest draws again: no party's name or size decides.
    """
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for party in sorted(set(sec_parties) - {UNKNOWN}, key=lambda party: _digest(f"{year}\x1f{party}", secret)):
        attempt = 0
        while (code := party_code(party, year, secret, attempt)) in taken:
            attempt += 1
        codes[party] = code
        taken.add(code)
    return {**codes, UNKNOWN: UNKNOWN}


def nameless(breakdown: Breakdown) -> Breakdown:
    """A breakdown with no party's name in it: that of the figure which stands for all parties where they are not shown."""
    return tuple((column, NOT_SHOWN if column == PARTY_CODE.column else value) for column, value in breakdown)


def is_telling(volumes: Mapping[str, int], fewest_parties: int = 3, dominance_percent: int = 80) -> bool:
    """Whether the party-level figures of a cell would tell whose they are: too few parties, or one with too great a share.

    `volumes` is the cell's volume by party code. What has no known party is no party, and no company to hide among; several User IDs
    that the party list does not have may be one company's, and are taken for one.
    """
    companies: dict[str, int] = {}
    for party, volume in volumes.items():
        companies[company_of(party)] = companies.get(company_of(party), 0) + volume
    known = [volume for company, volume in companies.items() if company and volume > 0]
    return bool(known) and (len(known) < fewest_parties or 100 * max(known) > dominance_percent * sum(known))


def company_of(code: str) -> str:
    """Whose a party code may be: unlisted User IDs are taken for one company's, and what has no known party is nobody's (empty)."""
    if code == UNKNOWN:
        return ""
    return UNLISTED_CODE if code.startswith(UNLISTED_CODE) else code


def _digest(text: str, secret: bytes) -> bytes:
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
