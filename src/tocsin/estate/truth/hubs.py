"""The truth of Communications Hubs: states by day, and the buckets of the reconciliation, in whole numbers (domain.md 10.2, 10.3)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tocsin.estate.events.hub_incidents import HubIncident
from tocsin.estate.plan import Plan
from tocsin.estate.senders.rhythm import day_on
from tocsin.estate.truth.figures import TrueFigure
from tocsin.estate.truth.hub_quarters import DECISION_DAYS, Hub, quarter_figures
from tocsin.estate.truth.hub_updates import HubStories
from tocsin.estate.truth.service_requests import write_figures, write_rows
from tocsin.estate.words import WORDS
from tocsin.vocabulary.devices import UNKNOWN_REGION, region_words
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US

INCIDENT_LAG_US, CSP_LAG_US = DAY_US, 2 * DAY_US

Told = Mapping[int, Mapping[str, HubIncident]]


@dataclass(frozen=True)
class Match:
    """One subject of the reconciliation."""

    anchor_at: int
    has_update: bool
    bucket: str
    is_raised: bool
    is_listed: bool
    is_within_lag: bool
    region: str
    provider: str


class HubMonth:
    """Everything the figures of hubs count, for the period and as at the end of a plan."""

    def __init__(self, stories: HubStories, told: Told, earlier: "Iterable[HubMonth]" = (), plan: Plan | None = None):
        """`earlier`: months simulated before, seen as at the end of this one too; `plan`: seen so, in place of the stories' own."""
        self.stories, self.plan = stories, plan or stories.plan
        self.as_at, self.period = self.plan.until_at, self.plan.period
        self.told = told
        self.earlier = [HubMonth(one.stories, one.told, plan=self.plan) for one in earlier]
        self.hubs = dict(self._hubs())

    def write(self, truth: Path) -> None:
        """The figures and oddities of hubs, of the reconciliation and of the quarter before into the folder."""
        hubs = [hub for month in (*self.earlier, self) for hub in month.hubs.values()]
        write_figures(truth / "hub_figures.csv", self.install_figures())
        write_figures(truth / "hub_quarter_figures.csv", quarter_figures(hubs, self.period, self.as_at))
        write_figures(truth / "no_wan_figures.csv", self.match_figures())
        write_rows(truth / "hub_oddities.csv", ("name", "count"), sorted(self.install_oddities().items()))
        conflicts = sum(match.bucket == "X" for match in self.matches())
        write_rows(truth / "no_wan_oddities.csv", ("name", "count"), [("no_wan_matches.in_conflict", conflicts)] if conflicts else [])

    # --- hubs -------------------------------------------------------------------------------------------------------------------

    def _hubs(self) -> Iterator[tuple[int, Hub]]:
        by_hub: dict[int, list[tuple[int, str, str]]] = {}
        for update in self.stories.updates:
            if update.hub >= 0 and update.received_at is not None:
                by_hub.setdefault(update.hub, []).append((update.received_at, update.srv, update.region))
        for place, told in by_hub.items():
            installs = sorted((at, srv) for at, srv, _ in told if srv in ("8.14.1", "8.14.2"))
            if installs:
                yield place, self._hub(place, installs, sorted(told))

    def _hub(self, place: int, installs: list[tuple[int, str]], told: list[tuple[int, str, str]]) -> Hub:
        first_at, first_srv = installs[0]
        no_wan_at = next((at for at, srv in installs if srv == "8.14.2"), None)
        raised, csp = self._records(place)
        raised, csp = raised if no_wan_at is not None else None, csp if self._is_of_update(place, no_wan_at) else None
        closing = self.told.get(place, {}).get("closed") if csp is not None else None
        region, provider = self._where(place, first_at, [word for _, _, word in told if word])
        return Hub(
            first_at=first_at,
            first_srv=first_srv,
            no_wan_at=no_wan_at,
            success_at=next((at for at, srv in installs if srv == "8.14.1"), None),
            sign_at=self.stories.sign_after(place, first_at),
            updates=len(installs),
            region=region,
            provider=provider,
            is_returned=any(at > first_at for at, srv, _ in told if srv in ("8.14.3", "8.14.4")),
            is_raised=raised is not None,
            closing=closing,
            is_listed=csp is not None,
            is_in_conflict=raised is not None and csp is not None and csp.is_conflict,
        )

    def _records(self, place: int) -> tuple[HubIncident | None, HubIncident | None]:
        """The DSP's record that names the hub, and the CSP's: by its own GUID, or by the MPxN that the DSP's record tells as well."""
        told = self.told.get(place, {})
        raised, csp = told.get("raised"), told.get("received", told.get("closed"))
        return raised, csp if csp is not None and (csp.has_guid or raised is not None) else None

    def _is_of_update(self, place: int, no_wan_at: int | None) -> bool:
        """Whether a CSP's record can be of this 8.14.2: closed before it, it was of an earlier installation."""
        closed = self.told.get(place, {}).get("closed")
        return no_wan_at is not None and (closed is None or closed.closed_at >= no_wan_at)

    def _where(self, place: int, at: int, told: list[str]) -> tuple[str, str]:
        devices, words = self.stories.population.devices, region_words(self.period.first_on)
        if self.stories.inventory_from[place] <= at:
            return WORDS["region"][devices["region"][place]], WORDS["service_provider"][devices["service_provider"][place]]
        region = words.get(told[0], told[0]) if told else UNKNOWN
        return (UNKNOWN if region == UNKNOWN_REGION else region), UNKNOWN

    def _state(self, hub: Hub, *, by_lists: bool) -> str:
        closing = hub.closing if by_lists else None
        outcome = closing.outcome if closing is not None else ""
        if hub.is_returned or outcome == "replaced":
            return "replaced"
        if hub.has_sign or outcome == "connected":
            return "commissioned"
        is_over = self.as_at // DAY_US - hub.first_at // DAY_US > DECISION_DAYS
        return "left" if is_over or outcome == "not_achievable" or (closing is not None and closing.exception) else "pending_90"

    def install_figures(self) -> list[TrueFigure]:
        """Figures of the areas installs and installs_listed."""
        inside = [hub for hub in self.hubs.values() if self.period.start_at <= hub.first_at < self.period.end_at]
        by = {
            "": lambda hub: "",
            "/installed_on=": lambda hub: day_on(hub.first_at // DAY_US).isoformat(),
            "/region=": lambda hub: hub.region,
            "/service_provider=": lambda hub: hub.provider,
        }
        return [figure for split, value in by.items() for figure in self._install_figures(split, value, inside)]

    def _install_figures(self, split: str, value: Callable[[Hub], str], inside: list[Hub]) -> Iterator[TrueFigure]:
        groups: dict[str, list[Hub]] = {} if split else {"": []}
        for hub in inside:
            groups.setdefault(value(hub), []).append(hub)
        for word, hubs in groups.items():
            first = sum(hub.first_srv == "8.14.1" for hub in hubs)
            exceptions = [hub.closing.exception or "" if hub.closing is not None else "" for hub in hubs]
            kept = [hub for hub, exception in zip(hubs, exceptions, strict=True) if exception != "installation"]
            kept_first = sum(hub.first_srv == "8.14.1" for hub in kept)
            yield _count(f"installs.installed{split}{word}", len(hubs))
            for by_lists, area, suffix in ((False, "installs", ""), (True, "installs_listed", "_listed")):
                states = Counter(self._state(hub, by_lists=by_lists) for hub in hubs)
                named = (("commissioned", "commissioned"), ("awaiting", "pending_90"), ("left", "left"), ("replaced", "replaced"))
                yield from (_count(f"{area}.{name}{suffix}{split}{word}", states[state]) for name, state in named)
            yield TrueFigure(f"installs.first_time_connectivity{split}{word}", len(hubs), first)
            yield _count(f"installs_listed.excepted{split}{word}", sum(exception != "" for exception in exceptions))
            yield TrueFigure(f"installs_listed.first_time_connectivity_listed{split}{word}", len(kept), kept_first)

    def install_oddities(self) -> dict[str, int]:
        """What is set aside or remarked on, by reason."""
        found: Counter[str] = Counter()
        start_at, end_at = self.period.start_at, self.period.end_at
        for hub in self.hubs.values():
            if start_at <= hub.first_at < end_at:
                found["no_wan_after_success"] += hub.first_srv == "8.14.1" and hub.no_wan_at is not None
                found["updated_again"] += hub.updates > 1
                found["unknown_hub_region"] += hub.region == UNKNOWN
        for update in self.stories.updates:
            at = update.seen_at if update.received_at is None else update.received_at
            if start_at <= at < end_at:
                found["no_receipt"] += update.received_at is None
                found["no_hub"] += update.received_at is not None and update.hub < 0
        return {f"hub_installs.{name}": count for name, count in found.items() if count}

    # --- the reconciliation -----------------------------------------------------------------------------------------------------

    def matches(self) -> list[Match]:
        """Every subject that began in the period or in the 90 days before it."""
        first_day = self.period.start_at // DAY_US - DECISION_DAYS
        return [
            match
            for month in (*self.earlier, self)
            for match in (*month._of_updates(), *month._leftovers())
            if match.anchor_at < self.period.end_at and match.anchor_at // DAY_US >= first_day
        ]

    def _of_updates(self) -> Iterator[Match]:
        for place, hub in self.hubs.items():
            if hub.no_wan_at is None:
                continue
            sides = (hub.is_raised, hub.is_listed)
            bucket = "X" if hub.is_in_conflict else {(True, True): "M3", (True, False): "M2a", (False, True): "M2b"}.get(sides, "U1")
            since = self.as_at - hub.no_wan_at
            lag = (not hub.is_raised and since <= INCIDENT_LAG_US) or (not hub.is_listed and since <= CSP_LAG_US)
            region, provider = self._also_listed(place, hub.region, hub.provider, any(sides))
            yield Match(hub.no_wan_at, True, bucket, *sides, lag and bucket != "X", region, provider)

    def _leftovers(self) -> Iterator[Match]:
        for place in self.told:
            hub = self.hubs.get(place)
            raised, csp = self._records(place)
            no_wan_at = hub.no_wan_at if hub is not None else None
            left_csp = None if self._is_of_update(place, no_wan_at) else csp
            yield from self._leftover(place, raised if no_wan_at is None else None, left_csp)
            unnamed = self.told[place].get("received", self.told[place].get("closed"))
            if csp is None and unnamed is not None:
                yield from self._leftover(place, None, unnamed)

    def _leftover(self, place: int, raised: HubIncident | None, csp: HubIncident | None) -> Iterator[Match]:
        record = raised or csp
        if record is None:
            return
        both = raised is not None and csp is not None
        bucket = "X" if both and record.is_conflict else "U2" if both else "U4" if raised is not None else "U3"
        region, provider = self._also_listed(place, UNKNOWN, UNKNOWN, True)
        yield Match(record.submitted_at, False, bucket, raised is not None, csp is not None, False, region, provider)

    def _also_listed(self, place: int, region: str, provider: str, is_told: bool) -> tuple[str, str]:
        """What the lists tell of where a hub stands, where nothing else does: it is as the inventory would."""
        if not is_told:
            return region, provider
        devices = self.stories.population.devices
        listed = WORDS["region"][devices["region"][place]], WORDS["service_provider"][devices["service_provider"][place]]
        return (listed[0] if region == UNKNOWN else region), (listed[1] if provider == UNKNOWN else provider)

    def match_figures(self) -> list[TrueFigure]:
        """Figures of the area no_wan_matches."""
        groups: dict[str, list[Match]] = {}
        for match in self.matches():
            cohort = "period" if match.anchor_at >= self.period.start_at else "before"
            for split in ("", f"/service_provider={match.provider}", f"/region={match.region}"):
                groups.setdefault(f"/cohort={cohort}{split}", []).append(match)
        return [figure for split, found in groups.items() for figure in _match_figures(split, found)]


def _match_figures(split: str, found: Iterable[Match]) -> Iterator[TrueFigure]:
    found = list(found)
    buckets = Counter(match.bucket for match in found)
    yield _count(f"no_wan_matches.updates{split}", sum(match.has_update for match in found))
    yield _count(f"no_wan_matches.incidents_raised{split}", sum(match.is_raised for match in found))
    yield _count(f"no_wan_matches.csp_records{split}", sum(match.is_listed for match in found))
    yield _count(f"no_wan_matches.leftovers{split}", sum(not match.has_update for match in found))
    for bucket in ("M3", "M2a", "M2b", "U1", "U2", "U3", "U4", "X"):
        yield _count(f"no_wan_matches.bucket_{bucket.lower()}{split}", buckets[bucket])
    judged = [match for match in found if match.has_update and not match.is_within_lag]
    yield TrueFigure(f"no_wan_matches.reconciled{split}", len(judged), sum(match.bucket == "M3" for match in judged))


def _count(name: str, counted: int) -> TrueFigure:
    return TrueFigure(name, counted, None)
