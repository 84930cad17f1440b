"""The truth of downloads to Communications Hubs: attempts by the latest that came of each, and each hub once (CR1423; domain.md 8.4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.estate.truth.firmware import Judged, Rules


@dataclass(frozen=True)
class DownloadTold:
    """One attempt that a file tells: the hub (place), when it began and ended (us), the latest result told of it."""

    hub: int
    began_at: int
    ended_at: int
    version: str
    result: str
    splits: Mapping[str, str]


def downloads_of(told: Sequence[DownloadTold], rules: Rules) -> Iterator[Judged]:
    """The attempts begun in the month. The last of a hub is marked `hub` and with what became of the hub."""
    of_hub: dict[int, list[DownloadTold]] = {}
    for one in told:
        if rules.start_at <= one.began_at < rules.end_at:
            of_hub.setdefault(one.hub, []).append(one)
    for attempts in of_hub.values():
        last = max(attempts, key=lambda one: (one.began_at, one.version))
        outcomes = {_outcome(one, rules) for one in attempts}
        of = "hub_ok" if "ok" in outcomes else "hub_open" if "open" in outcomes else "hub_failed"
        for one in attempts:
            span = one.ended_at - one.began_at if one.result == "ok" else None
            yield Judged(one.began_at, _outcome(one, rules), "", span, frozenset({"hub", of} if one is last else ()), one.splits)


def _outcome(one: DownloadTold, rules: Rules) -> str:
    if one.result != "in_progress":
        return one.result
    return "open" if rules.as_at <= one.began_at + rules.target_us else "unfinished"
