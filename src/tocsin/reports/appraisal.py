"""The appraisal of a set of Change Requests: cost, time, what rests on what, what the feeds would bring (paper 3, section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.vocabulary.change_requests import ChangeRequest, Gain, Link, change_requests, gains, links
from tocsin.vocabulary.dated import LATEST
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.settings import settings


@dataclass(frozen=True)
class DccCosts:
    """The DCC's own part: pounds, days of assessment, months of negotiation. Told for all Change Requests together, not for a part."""

    fia_pounds: int
    fia_days: int
    rom_pounds: int
    negotiation_months: int


@dataclass(frozen=True)
class Known:
    """All that is known of the Change Requests on a date."""

    requests: Mapping[str, ChangeRequest]
    links: tuple[Link, ...]
    gains: tuple[Gain, ...]
    dcc: DccCosts

    @property
    def modifications(self) -> tuple[str, ...]:
        """What the links name that is no Change Request: a Modification that may progress instead."""
        return tuple(dict.fromkeys(link.other for link in self.links if link.other not in self.requests))


@dataclass(frozen=True)
class Chain:
    """A sequence of Change Requests each of which waits for the one before, and the months of all of them."""

    requests: tuple[str, ...]
    months: int


@dataclass(frozen=True)
class Appraisal:
    """A set of Change Requests, appraised. `counted` are those whose costs are in the totals; `spared` those that a Modification makes
    redundant. `lacking` are (Change Request, what it builds on) where that is neither chosen nor progressed.

    Pounds are of the Service Providers; the DCC's own costs stand beside them in `dcc`, and are known only for all of them together.
    """

    counted: tuple[ChangeRequest, ...]
    spared: tuple[Link, ...]
    lessened: tuple[Link, ...]
    lacking: tuple[Link, ...]
    gains: tuple[Gain, ...]
    fia_pounds: int
    rom_from_pounds: int
    rom_to_pounds: int
    fia_days: int
    together_months: int
    critical: Chain
    dcc: DccCosts
    is_all: bool


def known_requests(on: date = LATEST, reference: Path | None = None) -> Known:
    """The Change Requests of the dated tables. Raises BadDeclaration for a link to itself, in a circle, or from one that is not known."""
    requests, found = change_requests(on, reference), settings(on, reference)
    known = Known(
        requests,
        links(on, reference),
        gains(on, reference),
        DccCosts(
            found["change_request_dcc_fia"].whole,
            found["change_request_dcc_fia_time"].whole,
            found["change_request_dcc_rom"].whole,
            found["change_request_negotiation"].whole,
        ),
    )
    for name in (*(link.change_request for link in known.links), *(gain.change_request for gain in known.gains)):
        if name not in requests:
            raise BadDeclaration(f'change request "{name}": not in change_requests.csv; there is {", ".join(requests)}.')
    for name in requests:
        _grounds(name, known, ())
    return known


def appraised(known: Known, chosen: Iterable[str], progressed: Iterable[str] = ()) -> Appraisal:
    """The totals and the critical path of the chosen Change Requests, all of them where none is chosen.

    `progressed` are Modifications taken as going ahead: they spare what they make redundant, and what builds on that rests on them.
    Raises BadDeclaration for a name that is not known, listing those that are.
    """
    asked = tuple(dict.fromkeys(_named(name, tuple(known.requests), "Change Request") for name in chosen)) or tuple(known.requests)
    ahead = frozenset(_named(name, known.modifications, "Modification") for name in progressed)
    of_chosen = [link for link in known.links if link.change_request in asked]
    spared = tuple(link for link in of_chosen if link.link == "made_redundant_by" and link.other in ahead)
    redundant = {link.change_request for link in spared}
    counted = tuple(known.requests[name] for name in asked if name not in redundant)
    names = [one.name for one in counted]
    return Appraisal(
        counted=counted,
        spared=spared,
        lessened=tuple(link for link in of_chosen if link.link == "reduced_by" and link.other in ahead),
        lacking=tuple(
            link
            for link in of_chosen
            if link.link == "builds_on" and link.change_request in names and link.other not in names and not _is_spared(link, known, ahead)
        ),
        gains=tuple(gain for gain in known.gains if gain.change_request in names),
        fia_pounds=sum(one.fia_pounds for one in counted),
        rom_from_pounds=sum(one.rom_from_pounds for one in counted),
        rom_to_pounds=sum(one.rom_to_pounds for one in counted),
        # Assessments are made by different Service Providers at one time; the longest is the time of all.
        fia_days=max((one.fia_days for one in counted), default=0),
        together_months=max((one.months for one in counted), default=0),
        critical=_critical(known, names),
        dcc=known.dcc,
        is_all=set(names) == set(known.requests),
    )


def _critical(known: Known, names: Sequence[str]) -> Chain:
    """The longest sequence of chosen Change Requests of which each builds on the one before."""
    found = [tuple(one for one in _grounds(name, known, ()) if one in names) for name in names]
    paths = [Chain(path, sum(known.requests[one].months for one in path)) for path in found]
    return max(paths, key=lambda path: (path.months, path.requests), default=Chain((), 0))


def _grounds(name: str, known: Known, above: tuple[str, ...]) -> tuple[str, ...]:
    """What a Change Request builds on, by the longest way, first ground first, and itself at the end."""
    if name in above:
        raise BadDeclaration(f"change_request_links.csv: {' builds on '.join((*above, name))}: a circle. Take one of its rows out.")
    ways = [
        _grounds(link.other, known, (*above, name))
        for link in known.links
        if link.change_request == name and link.link == "builds_on" and link.other in known.requests
    ]
    longest = max(ways, key=lambda way: (sum(known.requests[one].months for one in way), way), default=())
    return (*longest, name)


def _is_spared(link: Link, known: Known, ahead: frozenset[str]) -> bool:
    """Whether what a Change Request builds on is brought by a Modification that goes ahead."""
    return any(one.change_request == link.other and one.link == "made_redundant_by" and one.other in ahead for one in known.links)


def _named(word: str, known: Sequence[str], what: str) -> str:
    """A name as it is known, however it was typed: "1421", "cr1421" and "CR1421" are one."""
    plain = word.strip().upper()
    for name in known:
        if plain in (name, name.removeprefix("CR")):
            return name
    raise BadDeclaration(f'{what} "{word}" is not known. There is: {", ".join(known)}.')
