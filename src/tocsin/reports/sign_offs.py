"""Sign-offs: what the DCC, each Service Provider and SECAS say of a run, and what stands between it and its publication.

Paper 2: the DCC, all thirteen Service Providers and SECAS validate a report, and that is why it takes so long. A sign-off is bound to
what was looked at, not to the name of a run: a Service Provider that accepted its own part need not be asked again by a later run in
which that part is the same.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.reports.figures_digest import figures_digest
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_signed import SignedLine, SignedLines
from tocsin.reports.journal import Held, Journal, plain
from tocsin.vocabulary.errors import BadDeclaration, MonthNotComplete

# What can be said. A waiver stands in for a sign-off that does not come; it is the DCC's to give, with its reason.
SAID = ("accepted", "queried", "rejected", "waived", "published")
# Those who answer for the whole report; everybody else is a Service Provider and answers for its own part.
OF_THE_WHOLE = ("DCC", "SECAS")
PUBLISHER = "DCC"


@dataclass(frozen=True)
class SignOff:
    """One line of the journal. `part` is the digest of what was looked at; `by` who said it, `login` who was signed in on the machine.

    Of a publication `part` is the digest of the run's figures and `files` that of its list of files.
    """

    said: str
    month: str
    run_id: str
    of: str
    by: str
    login: str
    at: int
    part: str
    comment: str = ""
    files: str = ""

    def __post_init__(self) -> None:
        if self.said not in SAID:
            raise ValueError(f'"{self.said}"; expected one of {", ".join(SAID)}')


@dataclass(frozen=True)
class Signatories:
    """Whose sign-offs a publication needs, and who may speak for whom: organisation to names."""

    required: tuple[str, ...]
    entitled: Mapping[str, frozenset[str]]

    def check(self, by: str, of: str) -> None:
        """Raises BadDeclaration for somebody who may not speak for an organisation, naming those who may."""
        if by not in self.entitled.get(of, frozenset()):
            may = ", ".join(sorted(self.entitled.get(of, ()))) or "nobody yet"
            raise BadDeclaration(
                f'"{by}" may not sign for {of}; nothing was recorded. Those who may: {may} ([[signatory]] of workspace.toml).'
            )


class SignOffJournal(Journal[SignOff]):
    """The journal of a workspace's sign-offs and publications."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SignOff, "sign-off")

    def add(self, told: SignOff) -> None:
        """Enter what was said. Raises BadDeclaration for a run that is published: nothing more is said of it."""
        with self.held() as held:
            _refuse_published(held, told.run_id)
            held.append(told)


def part_of(run: FrozenRun, of: str) -> str:
    """The digest of what an organisation answers for: the whole run's figures, or a Service Provider's deliveries and own figures."""
    if of in OF_THE_WHOLE:
        return figures_digest(run.figures)
    deliveries = sorted(line.delivery_id for line in run.deliveries if line.sender == of)
    own = figures_digest(figure for figure in run.figures if ("service_provider", of) in figure.breakdown)
    return hashlib.sha256("\x1e".join([*deliveries, own]).encode()).hexdigest()


def standing(events: Iterable[SignOff], run: FrozenRun, required: Sequence[str]) -> SignedLines:
    """How a run stands: the last word of each organisation on the part as it is in this run, those required first.

    What was said of another part (an earlier run whose figures differ) is not said of this one.
    """
    own = [one for one in events if one.month == run.period.label]
    publication = next((one for one in own if one.said == "published" and one.run_id == run.run_id), None)
    spoken = dict.fromkeys((*required, *(one.of for one in own if one.said != "published")))
    lines = []
    for of in spoken:
        part = part_of(run, of)
        last = next((one for one in reversed(own) if one.of == of and one.part == part and one.said != "published"), None)
        if last is None:
            lines.append(SignedLine(of, "awaited", part, of in required))
        else:
            lines.append(SignedLine(of, last.said, part, of in required, last.by, last.at, last.run_id, last.comment))
    published = (publication.at, publication.by, publication.part) if publication is not None else (0, "", "")
    return SignedLines(tuple(lines), *published)


def sign(journal: SignOffJournal, signatories: Signatories, told: SignOff) -> None:
    """Record what an organisation says of its part of a run.

    Raises BadDeclaration for somebody not entitled, a query, rejection or waiver without words, a waiver that is not the DCC's to give,
    and a run that is published.
    """
    speaks_for = PUBLISHER if told.said == "waived" else told.of
    signatories.check(told.by, speaks_for)
    if told.said != "accepted":
        plain(told.comment, "comment")
    if told.said == "waived" and told.of == PUBLISHER:
        raise BadDeclaration("the DCC cannot waive its own sign-off; nothing was recorded.")
    journal.add(told)


def publish(journal: SignOffJournal, signatories: Signatories, run: FrozenRun, told: SignOff) -> None:
    """Publish a run: from then on it is what the month's report is, until another run of the month is published.

    Raises MonthNotComplete where a required sign-off is awaited, queried or rejected, naming each; BadDeclaration for somebody not
    entitled and for a run that is published already.
    """
    signatories.check(told.by, PUBLISHER)
    with journal.held() as held:
        _refuse_published(held, run.run_id)
        signed = standing(held.events, run, signatories.required)
        if lacking := [line for line in signed.lines if line.is_required and line.said not in {"accepted", "waived"}]:
            who = ", ".join(f"{line.of} ({line.said})" for line in lacking)
            raise MonthNotComplete(
                f"run {run.run_id} is not published: {who}. Have it accepted (tocsin sign-off), or waive with a reason what does not come."
            )
        held.append(told)


def published_by(events: Iterable[SignOff], as_at: int) -> dict[str, str]:
    """Month to the run of it that was published last, as known at an instant."""
    return {one.month: one.run_id for one in events if one.said == "published" and one.at <= as_at}


def _refuse_published(held: Held[SignOff], run_id: str) -> None:
    if any(one.said == "published" and one.run_id == run_id for one in held.events):
        raise BadDeclaration(f"run {run_id} is published; nothing was recorded. A correction is a later run, and a restatement.")
