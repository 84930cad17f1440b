"""The truth of the quarter before: hubs connected within 90 days, one quarter in arrears, in whole numbers (domain.md 10.1: PM1.2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tocsin.estate.events.hub_incidents import HubIncident
from tocsin.estate.truth.figures import TrueFigure
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US

DECISION_DAYS = 90


@dataclass(frozen=True)
class Hub:
    """What is known of one hub (place) from its updates and from the records that are of its 8.14.2."""

    first_at: int
    first_srv: str
    no_wan_at: int | None
    # Its first 8.14.1, and the first response from behind it after its first update.
    success_at: int | None
    sign_at: int | None
    updates: int
    region: str
    provider: str
    is_returned: bool
    is_raised: bool
    closing: HubIncident | None
    is_listed: bool
    is_in_conflict: bool

    @property
    def has_sign(self) -> bool:
        """Whether the trail has a sign of its WAN."""
        return self.success_at is not None or self.sign_at is not None


def quarter_before(period: Period) -> tuple[str, int, int]:
    """The quarter before that of a month: its label, and its two instants, half-open."""
    first = Period(period.year, (period.month - 1) // 3 * 3 + 1, period.zone)
    last = first.previous()
    start = last.previous().previous()
    return f"{start.year}-Q{start.month // 3 + 1}", start.start_at, last.end_at


def quarter_figures(hubs: Iterable[Hub], period: Period, as_at: int) -> Iterator[TrueFigure]:
    """Figures of the areas ninety_days and ninety_days_listed."""
    label, start_at, end_at = quarter_before(period)
    groups: dict[str, list[Hub]] = {}
    for hub in hubs:
        if start_at <= hub.first_at < end_at:
            for split in ("", f"/region={hub.region}", f"/service_provider={hub.provider}"):
                groups.setdefault(f"/quarter={label}{split}", []).append(hub)
    for split, found in groups.items():
        yield _share("ninety_days.connected", split, [_by_trail(hub, as_at) for hub in found])
        yield _share("ninety_days.recovered", split, [_by_trail(hub, as_at) for hub in found if hub.first_srv == "8.14.2"])
        kept = [hub for hub in found if hub.closing is None or not hub.closing.exception]
        yield _share("ninety_days_listed.connected_listed", split, [_by_lists(hub, as_at) for hub in kept])
        yield TrueFigure(f"ninety_days_listed.excepted_hubs{split}", len(found) - len(kept))


def _share(name: str, split: str, verdicts: list[bool | None]) -> TrueFigure:
    """None is a hub still inside its 90 days: it is in neither number."""
    return TrueFigure(f"{name}{split}", sum(verdict is not None for verdict in verdicts), sum(verdict is True for verdict in verdicts))


def _by_trail(hub: Hub, as_at: int) -> bool | None:
    if hub.first_srv == "8.14.1":
        return True
    return _verdict(hub, [hub.success_at, hub.sign_at], as_at)


def _by_lists(hub: Hub, as_at: int) -> bool | None:
    closed = hub.closing.closed_at if hub.closing is not None and hub.closing.outcome == "connected" else None
    return True if hub.first_srv == "8.14.1" else _verdict(hub, [hub.success_at, hub.sign_at, closed], as_at)


def _verdict(hub: Hub, signs: list[int | None], as_at: int) -> bool | None:
    """By UTC days: the 90th is inside."""
    last_day = hub.first_at // DAY_US + DECISION_DAYS
    if any(sign is not None and sign // DAY_US <= last_day for sign in signs):
        return True
    return False if as_at // DAY_US > last_day else None
