"""What the service management system writes down of an Incident: its audit log, line by line, and how it stands at the end of a day."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tocsin.vocabulary.incidents import IncidentTarget
from tocsin.vocabulary.instants import MINUTE_US, SECOND_US

OVER = frozenset({"resolved", "closed", "cancelled"})
MS_US = 1000


class Change(NamedTuple):
    """One line of the audit log. Instants in µs, whole ms; a cell that the change did not touch is None."""

    incident_id: str
    changed_at: int
    sequence: int
    status: str
    pending_reason: str | None = None
    category: int | None = None
    resolver_group: str | None = None
    responsible_party: str | None = None
    submitted_at: int | None = None
    reported_met: bool | None = None
    exclusion: str | None = None


class Extract(NamedTuple):
    """One Incident as a daily extract tells it, stamps cut to the whole second."""

    incident_id: str
    extracted_at: int
    submitted_at: int
    category: int | None
    resolver_group: str | None
    responsible_party: str | None
    status: str
    resolved_at: int | None
    closed_at: int | None
    reported_met: bool | None
    exclusion: str | None


@dataclass(frozen=True)
class Story:
    """An Incident from its submission to wherever it got. `is_logged`: some were kept outside the audit log, and only extracts tell them.

    `category_in_extract`: told by the extracts though no line of the log told one.
    """

    changes: tuple[Change, ...]
    is_logged: bool = True
    category_in_extract: int | None = None

    @property
    def incident_id(self) -> str:
        return self.changes[0].incident_id

    def is_open_at(self, at: int) -> bool:
        """Whether it was submitted before an instant and not over by then."""
        known = [change for change in self.changes if change.changed_at < at]
        return bool(known) and known[-1].status not in OVER

    def is_touched(self, start_at: int, end_at: int) -> bool:
        return any(start_at <= change.changed_at < end_at for change in self.changes)

    def extract(self, until_at: int, extracted_at: int) -> Extract:
        """How it stands just before an instant; its first change lies before that."""
        known = [change for change in self.changes if change.changed_at < until_at]
        over = [change.changed_at for change, before in zip(known, [None, *known], strict=False) if _ends(change, before)]
        closed = [change.changed_at for change in known if change.status == "closed"]
        status = known[-1].status
        flags = [change.reported_met for change in known if change.reported_met is not None]
        categories = [change.category for change in known if change.category is not None]
        return Extract(
            self.incident_id,
            extracted_at,
            second(known[0].submitted_at if known[0].submitted_at is not None else known[0].changed_at),
            categories[-1] if categories else self.category_in_extract,
            _last([change.resolver_group for change in known]),
            _last([change.responsible_party for change in known]),
            status,
            second(over[-1]) if status in ("resolved", "closed") else None,
            second(closed[-1]) if status == "closed" else None,
            flags[-1] if flags else None,
            _last([change.exclusion for change in known]),
        )


def second(at: int) -> int:
    """The whole second an instant lies in."""
    return at - at % SECOND_US


def _ends(change: Change, before: Change | None) -> bool:
    return change.status in OVER and (before is None or before.status not in OVER)


def _last(words: list[str | None]) -> str | None:
    return next((word for word in reversed(words) if word is not None), None)


@dataclass
class Telling:
    """A story while it is told: each step comes some time after the one before. `counted_us` is what the resolution clock has run."""

    incident_id: str
    submitted_at: int
    category: int | None
    stops: frozenset[str]
    targets: dict[tuple[int, str], IncidentTarget]
    exclusion: str | None = None
    is_submission_told: bool = True
    changes: list[Change] = field(default_factory=list)
    counted_us: int = 0

    def __post_init__(self) -> None:
        told = self.submitted_at if self.is_submission_told else None
        self.changes.append(
            Change(self.incident_id, self.submitted_at, 1, "new", None, self.category, None, None, told, None, self.exclusion)
        )

    @property
    def at(self) -> int:
        return self.changes[-1].changed_at

    def target_us(self, clock: str = "resolution") -> int:
        """The target of the category held now; that of category 4 for one that has none."""
        return self.targets[self.category or 4, clock].seconds * SECOND_US

    def left_us(self) -> int:
        """What of the resolution target is left."""
        return max(self.target_us() - self.counted_us, MINUTE_US)

    def then(
        self,
        after_us: int,
        status: str,
        *,
        reason: str | None = None,
        category: int | None = None,
        group: str | None = None,
        party: str | None = None,
        met: bool | None = None,
        exclusion: str | None = None,
    ) -> "Telling":
        """The next line, so many µs later (cut to whole ms, and never at the same instant)."""
        last = self.changes[-1]
        after = max(after_us - after_us % MS_US, MS_US)
        if last.status not in OVER and not (last.status == "pending" and last.pending_reason in self.stops):
            self.counted_us += after
        self.category = category or self.category
        at = last.changed_at + after
        self.changes.append(Change(self.incident_id, at, last.sequence + 1, status, reason, category, group, party, None, met, exclusion))
        return self

    def wait(self, after_us: int, reason: str, span_us: int) -> "Telling":
        """Wait for a reason, and go on."""
        return self.then(after_us, "pending", reason=reason).then(span_us, "in_progress")

    def resolve(self, after_us: int, *, is_flagged: bool = True, is_flag_wrong: bool = False) -> "Telling":
        """Resolved, with the system's own flag where it gives one; `after_us` counts from the step before."""
        self.then(after_us, "resolved")
        if is_flagged and self.category is not None:
            is_met = self.counted_us <= self.target_us()
            self.changes[-1] = self.changes[-1]._replace(reported_met=is_met is not is_flag_wrong)
        return self

    def story(self, *, is_logged: bool = True, category_in_extract: int | None = None) -> Story:
        return Story(tuple(self.changes), is_logged, category_in_extract)
