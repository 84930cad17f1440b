"""The truth of device firmware: what the files that came tell of each attempt, judged one at a time (domain.md 8.2 to 8.4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tocsin.vocabulary.firmware import ANY, stages_told
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import moment
from tocsin.vocabulary.service_requests import CANCELLED_FROM
from tocsin.vocabulary.settings import setting
from tocsin.vocabulary.target_times import target_response_us

# What a row may tell of the device itself.
WHAT = ("device_type", "model", "region", "service_provider", "cohort")


@dataclass(frozen=True)
class StageTold:
    """A row of a file that came. `request` and texts are empty where the sender does not tell; instants in us as written."""

    request: str
    device: int
    stage: str
    result: str
    observed_at: int
    version: str
    found: str
    is_alert: bool
    execution_at: int | None
    what: Mapping[str, str]


@dataclass(frozen=True)
class Rules:
    """The month and its limits, us; `on` its first day, by which dated tables are read."""

    start_at: int
    end_at: int
    as_at: int
    target_us: int
    skew_us: int
    on: date

    @classmethod
    def of(cls, on: date, start_at: int, end_at: int, as_at: int) -> "Rules":
        target_us = target_response_us("11.1", "firmware", on) or 0
        return cls(start_at, end_at, as_at, target_us, setting("clock_skew_tolerance", on).us, on)


@dataclass
class AttemptTold:
    """All that came of one request and device."""

    request: str
    device: int
    rows: list[StageTold] = field(default_factory=list)

    def at(self, stage: str, result: str) -> int | None:
        """The earliest stamp of a stage that ended so."""
        return min((row.observed_at for row in self.rows if (row.stage, row.result) == (stage, result)), default=None)

    @property
    def accepted_at(self) -> int | None:
        return self.at("F0", "ok")

    @property
    def version(self) -> str:
        return min((row.version for row in self.rows if row.version), default="")

    def told(self, what: str) -> str:
        return min((row.what[what] for row in self.rows if row.what.get(what)), default="")

    def proofs(self, stage: str, holds: bool) -> list[int]:
        """Stamps of answers that show the image's version, or that show another or none."""
        return [row.observed_at for row in self.rows if row.stage == stage and self._holds(row) == holds]

    def _holds(self, row: StageTold) -> bool:
        return row.found == self.version if row.found and self.version else row.result == "ok"


@dataclass(frozen=True)
class Judged:
    """An attempt as one journey has it. `marks`: the names of whatever else counts it."""

    began_at: int
    outcome: str
    set_aside: str
    span_us: int | None
    marks: frozenset[str]
    splits: Mapping[str, str]


def attempts_of(rows: Iterable[StageTold], skew_us: int) -> list[AttemptTold]:
    """Rows by request and device; those that name no request go to the attempt of device and version accepted last before them."""
    found: dict[tuple[str, int], AttemptTold] = {}
    nameless = []
    for row in rows:
        if row.request:
            found.setdefault((row.request, row.device), AttemptTold(row.request, row.device)).rows.append(row)
        else:
            nameless.append(row)
    accepted: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for attempt in found.values():
        if (at := attempt.accepted_at) is not None:
            version = next(row.version for row in attempt.rows if row.stage == "F0")
            accepted[attempt.device].append((at, attempt.request, version))
    for row in nameless:
        fit = [one for one in accepted[row.device] if one[0] < row.observed_at + skew_us and row.version in {"", one[2]}]
        request = max(fit)[1] if fit else ""
        found.setdefault((request, row.device), AttemptTold(request, row.device)).rows.append(row)
    return list(found.values())


def named_again(attempts: Iterable[AttemptTold]) -> dict[tuple[str, int], int]:
    """When the device of an accepted attempt was accepted for the next."""
    of_device: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for attempt in attempts:
        if (at := attempt.accepted_at) is not None:
            of_device[attempt.device].append((at, attempt.request))
    found = {}
    for device, times in of_device.items():
        times.sort()
        for (_, request), (next_at, _) in pairwise(times):
            found[request, device] = next_at
    return found


def uploads(attempts: Sequence[AttemptTold], rules: Rules, splits: "SplitsOf") -> Iterator[Judged]:
    """Attempts whose acceptance, or refusal, lies in the month."""
    again = named_again(attempts)
    for attempt in attempts:
        accepted_at, refused_at = attempt.accepted_at, attempt.at("F0", "refused")
        first_at = min(row.observed_at for row in attempt.rows)
        began_at = next(at for at in (accepted_at, refused_at, first_at) if at is not None)
        if rules.start_at <= began_at < rules.end_at:
            told = splits(attempt, began_at)
            yield _upload(attempt, rules, told, began_at, again.get((attempt.request, attempt.device)))


def _upload(attempt: AttemptTold, rules: Rules, splits: Mapping[str, str], began_at: int, next_at: int | None) -> Judged:
    hub, device = (attempt.at("F2", "ok"), attempt.at("F2", "failed")), (attempt.at("F3", "ok"), attempt.at("F3", "failed"))
    stages = _stages(splits, attempt.told("cohort"), rules.on)
    to = "F3" if "F3" in stages or ("F2" not in stages and any(at is not None for at in device)) else ""
    to = to or ("F2" if "F2" in stages or any(at is not None for at in hub) else "none")
    delivered_at = {"F3": device[0], "F2": hub[0], "none": None}[to]
    failures = {"F3": (hub[1], device[1]), "F2": (hub[1],), "none": ()}[to]
    failed_at = min((at for at in failures if at is not None), default=None)
    accepted_at, refused_at = attempt.accepted_at, attempt.at("F0", "refused")
    outcome, span, aside = "refused", None, ""
    if accepted_at is not None:
        limit_at = accepted_at + rules.target_us
        over_at = delivered_at if delivered_at is not None else failed_at
        if next_at is not None and next_at < (limit_at if over_at is None else min(over_at, limit_at)):
            outcome = "superseded"
        elif to == "none":
            outcome = "not_told"
        elif delivered_at is not None:
            outcome = "delivered" if delivered_at <= limit_at else "late"
            span = delivered_at - accepted_at if to == "F3" and delivered_at >= accepted_at else None
        else:
            outcome = "failed" if failed_at is not None else "open" if rules.as_at <= limit_at else "expired"
        if delivered_at is not None and delivered_at <= accepted_at - rules.skew_us:
            aside = "negative_span"
        if refused_at is not None:
            aside = "accepted_and_refused"
    elif refused_at is None:
        aside = "no_acceptance"
    proved = bool(attempt.proofs("F5", True) or attempt.proofs("F6", True))
    is_last = accepted_at is not None and (next_at is None or next_at >= rules.end_at)
    is_told_twice = None not in hub or None not in device
    marks = {
        "sent": attempt.at("F1", "ok") is not None,
        "at_hub": hub[0] is not None,
        "hub_untold": "F2" not in stages and hub == (None, None),
        "at_device": device[0] is not None,
        "not_reportable": to == "F2",
        "told_by_alert": any(row.is_alert for row in attempt.rows if row.stage in {"F2", "F3"}),
        "devices": is_last,
        "devices_on_target": is_last and proved,
        "success_and_failure": is_told_twice,
        "unseen": proved and delivered_at is None,
    }
    return Judged(began_at, outcome, aside, span, frozenset(name for name, is_so in marks.items() if is_so), splits)


def activations(attempts: Sequence[AttemptTold], rules: Rules, splits: "SplitsOf") -> Iterator[Judged]:
    """Attempts whose activation was first asked for in the month; an answer to what nobody asked is told as such."""
    again = named_again(attempts)
    for attempt in attempts:
        asked = sorted((row for row in attempt.rows if (row.stage, row.result) == ("F4", "ok")), key=lambda row: row.observed_at)
        replies = [row.observed_at for row in attempt.rows if row.stage == "F5"]
        began_at = asked[0].observed_at if asked else min(replies, default=None)
        if began_at is not None and rules.start_at <= began_at < rules.end_at:
            told = splits(attempt, began_at)
            judged = _activation(attempt, asked, rules, again.get((attempt.request, attempt.device)))
            yield Judged(began_at, *judged, told)


def _activation(
    attempt: AttemptTold, asked: Sequence[StageTold], rules: Rules, next_at: int | None
) -> tuple[str, str, int | None, frozenset[str]]:
    """Outcome, why it is set aside, its span and its marks."""
    answered_at = min(attempt.proofs("F5", True), default=None)
    confirmed_at = min(attempt.proofs("F6", True), default=None)
    denied_at = min(attempt.proofs("F5", False) + attempt.proofs("F6", False), default=None)
    proved_at = min((at for at in (answered_at, confirmed_at) if at is not None), default=None)
    is_so = {
        "success_and_failure": denied_at is not None and proved_at is not None,
        "asked_again": len({row.observed_at for row in asked}) > 1,
    }
    marks = frozenset(mark for mark, holds in is_so.items() if holds)
    if not asked:
        return "", "no_request", None, marks
    execution_at = max((row.execution_at for row in asked if row.execution_at is not None), default=0)
    limit_at = max(asked[-1].observed_at, execution_at) + rules.target_us
    over_at = proved_at if proved_at is not None else denied_at
    span = None
    if next_at is not None and next_at < (limit_at if over_at is None else min(over_at, limit_at)):
        outcome = "superseded"
    elif answered_at is not None:
        outcome = "activated"
        last = [row for row in asked if row.observed_at <= answered_at][-1:]
        started_at = max(last[0].observed_at, last[0].execution_at or 0) if last else asked[0].observed_at
        span = answered_at - started_at if answered_at >= started_at else None
    else:
        missing = "withdrawn" if execution_at >= CANCELLED_FROM else "open" if rules.as_at <= limit_at else "no_answer"
        outcome = "confirmed" if confirmed_at is not None else "failed" if denied_at is not None else missing
    aside = "negative_span" if answered_at is not None and answered_at <= asked[0].observed_at - rules.skew_us else ""
    return outcome, aside, span, marks


class SplitsOf:
    """What an attempt is split by: as rows told, else as the inventory has the device (by place) from an instant on, else UNKNOWN."""

    def __init__(self, listed: Mapping[int, tuple[int, Mapping[str, str]]]) -> None:
        self.listed = listed

    def __call__(self, attempt: AttemptTold, began_at: int) -> dict[str, str]:
        since, known = self.listed.get(attempt.device, (0, {}))
        inventory = known if since <= began_at else {}
        found = {what: attempt.told(what) or inventory.get(what, "") or UNKNOWN for what in WHAT if what != "cohort"}
        by_region = {UNKNOWN: UNKNOWN, "smets1": "SMETS1"}.get(found["region"], "SMETS2+")
        found["began_on"] = moment(began_at).date().isoformat()
        return {**found, "generation": inventory.get("generation", "") or by_region}


def _stages(splits: Mapping[str, str], cohort: str, on: date) -> set[str]:
    """The stages that every row of the table has which speaks of such a device."""
    stages = {"F2", "F3"}
    for row in stages_told(on):
        words = (row.service_provider, row.device_type, row.cohort, row.model)
        own = (splits["service_provider"], splits["device_type"], cohort, splits["model"])
        if all(word in {ANY, value} for word, value in zip(words, own, strict=True)):
            stages &= set(row.stages)
    return stages
