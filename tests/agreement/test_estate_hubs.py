"""Communications Hubs of the simulated estate: every figure of installs, of the reconciliation, of the quarter before and of firmware that
the inventory tells equals the truth, on both engines.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from estate_rows import trail_of
from journey_rows import accepted, add_accepted
from tocsin.areas import all_areas
from tocsin.engines import Engine, Relation
from tocsin.estate.block import Block
from tocsin.estate.chance import chance
from tocsin.estate.events.earlier_updates import draw_earlier
from tocsin.estate.events.hub_incidents import LAYOUTS, incidents_of, listed
from tocsin.estate.events.hubs import FEED, HubUpdates, left_before
from tocsin.estate.events.registers import inventory_from, told_versions
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.models import firmware_versions, models
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.requests.draw import draw_requests
from tocsin.estate.senders.delivered import delivered_rows
from tocsin.estate.senders.trail import addressed
from tocsin.estate.truth.hub_quarters import quarter_before, quarter_figures
from tocsin.estate.truth.hub_updates import UPDATES, HubStories
from tocsin.estate.truth.hub_versions import version_figures
from tocsin.estate.truth.hubs import HubMonth
from tocsin.estate.truth.whereabouts import eui_text
from tocsin.estate.truth.wide import NEVER
from tocsin.estate.words import WORDS, number
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.no_sm_wan_incidents import NO_SM_WAN_INCIDENTS
from tocsin.journeys.hub_facts import dated_relations
from tocsin.journeys.hub_installs import HUB_INSTALLS
from tocsin.journeys.hub_quarters import HUB_QUARTERS
from tocsin.journeys.hub_versions import HUB_VERSIONS
from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.measuring.figures import Making, indicator_figures
from tocsin.measuring.journey import Journey
from tocsin.measuring.picks import hold_picks
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally, counters, tally_sql
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US

SEPTEMBER = Period.parse("2021-09")
HERE = Presence(30, 30)
SCALE = Fraction(1, 8_000)
JOURNEYS = (HUB_INSTALLS, NO_WAN_MATCHES, HUB_QUARTERS, HUB_VERSIONS)


@dataclass
class Month:
    """A month drawn: the truth, and the rows that reach the ledger."""

    truth: HubMonth
    trail: list[dict[str, Any]]
    inventory: list[dict[str, Any]]
    lists: list[dict[str, Any]]

    @property
    def plan(self) -> Plan:
        return self.truth.plan


def plan_of(seed: int, faults: str, until_at: int | None = None) -> Plan:
    return Plan(SEPTEMBER, SCALE, seed, Plan.settled_at(SEPTEMBER) if until_at is None else until_at, fault_profile(faults))


def month_of(plan: Plan) -> Month:
    population, fates = populate(plan), Fates(plan)
    stories, updates = HubStories(plan, population), HubUpdates()
    asked, earlier = draw_earlier(plan, population)
    # The first update of a hub alone: what it tells later is on an edge.
    is_first = np.isin(earlier["request"], np.unique(asked["device"], return_index=True)[1])
    earlier = earlier.put(srv=np.where(is_first, without_wan(earlier)["srv"], earlier["srv"]))
    came = np.ones(len(earlier), bool)
    stories.add(earlier, came)
    updates.add(asked, earlier, came)
    trail = trail_of(earlier, population)
    for day in (day for day in plan.days if day * DAY_US < plan.until_at):
        for place, drawn in enumerate(draw_requests(plan, population, day)):
            faults = fates.row_faults(chance(plan.seed, "row faults", day, place), len(drawn.rows), None if place else day)
            told = addressed(without_wan(drawn.rows).put(fault=faults))
            delivered = delivered_rows(told, fates) & ~is_silent(told)
            stories.add(told, delivered)
            updates.add(drawn.requests, told, delivered)
            trail += trail_of(told.take(np.flatnonzero(delivered & telling(told))), population, day * 100 + place)
    told_lists, lists = lists_of(plan, population, updates, fates)
    truth = HubMonth(stories, told_lists)
    return Month(truth, trail, accepted(DEVICE_INVENTORY, inventory_of(plan, population)), accepted(NO_SM_WAN_INCIDENTS, lists))


def inventory_of(plan: Plan, population: Population) -> list[dict[str, Any]]:
    """Each device as it was, and as it is since it runs other firmware."""
    devices, since = population.devices, inventory_from(plan, population)
    found = {
        place: {
            "device_id": eui_text(int(devices["eui"][place])),
            "valid_from": int(since[place]) or None,
            **{name: WORDS[name][int(devices[name][place])] for name in ("device_type", "region", "service_provider")},
            "comms_hub_id": None if devices["hub"][place] == place else eui_text(int(devices["eui"][devices["hub"][place]])),
            "model": models()[devices["model"][place]].name,
            "firmware_version": firmware_versions()[devices["firmware"][place]],
        }
        for place in np.flatnonzero(since != NEVER).tolist()
    }
    told = told_versions(plan, population)
    changed = zip(*(told[name].tolist() for name in ("place", "since_us", "firmware")), strict=True)
    others = [{**found[place], "valid_from": at, "firmware_version": firmware_versions()[version]} for place, at, version in changed]
    return [*found.values(), *others]


def without_wan(rows: Block) -> Block:
    """Two of three 8.14.1 as 8.14.2: a small estate has few of them, and every case must occur."""
    is_other = (rows["srv"] == number("srv", "8.14.1")) & (rows["request"] % 3 > 0)
    return rows.put(srv=np.where(is_other, number("srv", "8.14.2"), rows["srv"]).astype(rows["srv"].dtype))


def is_silent(told: Block) -> Any:
    """Responses of most devices are left out, else there would be a sign of the WAN behind nearly every hub."""
    is_sign: Any = (told["time_point"] == number("time_point", "RX_DSP_UP")) & (told["device"] // np.uint64(7) % np.uint64(8) > 0)
    return is_sign


def telling(told: Block) -> Any:
    """Rows that a journey of hubs can ask for: the rest would only make the test slow."""
    of_updates = np.isin(told["srv"], [number("srv", srv) for srv in UPDATES])
    return of_updates | (told["time_point"] == number("time_point", "RX_DSP_UP"))


def lists_of(plan: Plan, population: Population, updates: HubUpdates, fates: Fates) -> tuple[dict[int, dict[str, Any]], list[Any]]:
    """The records in files that come, by hub, and as rows."""
    incidents = incidents_of(plan, population, updates.sent["8.14.2"], left_before(plan, population, updates))
    told: dict[int, dict[str, Any]] = {}
    rows = []
    for sender in LAYOUTS:
        for incident, day, row in listed(plan, population, incidents, sender):
            if (day + 1) * DAY_US <= plan.until_at and fates.stands(FEED, sender, day * DAY_US):
                told.setdefault(incident.hub, {})[row["list_kind"]] = incident
                rows.append({name: cell for name, cell in row.items() if cell is not None} | {"delivery_no": day})
    return told, rows


def by_product(engine: Engine, month: Month) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, int]]:
    """Figures of the areas by name, and oddities, by the journeys' own SQL."""
    figures: dict[str, tuple[int | None, int | None]] = {}
    odd: dict[str, int] = {}
    with engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, month.trail)
        add_accepted(session, DEVICE_INVENTORY, month.inventory)
        add_accepted(session, NO_SM_WAN_INCIDENTS, month.lists)
        for relation, rows in (*dated_relations(month.plan.period.first_on), *HUB_VERSIONS.dated(month.plan.period.first_on, None)):
            session.add_rows(relation, rows)
        at = {"start_at": month.plan.period.start_at, "end_at": month.plan.period.end_at, "as_at": month.plan.until_at}
        for journey in JOURNEYS:
            hold_picks(session, journey.picks, at)
            session.add_rows(Relation(journey.name, journey.columns), session.rows(journey.sql, at))
            figures |= figures_of(session, journey)
            odd |= oddities_of(session, journey)
    return figures, odd


def figures_of(session: Any, journey: Journey) -> dict[str, tuple[int | None, int | None]]:
    areas = [area for area in all_areas().values() if area.of == journey.name]
    every = {counter.name: counter for area in areas for one in area.indicators for counter in counters(one)}
    tally = Tally(journey, tuple(every.values()))
    session.add_rows(tally.relation(()), session.rows(tally_sql(journey, tally.counters)))
    found = {}
    for area in areas:
        sums = [line for by in area.groupings for line in tally.read(by, session.rows(tally.sums_sql(by)))]
        made = indicator_figures(Making(area.name, journey, HERE), area.indicators, sums)
        found |= {one.name: (one.counted, one.met) for one in made if one.breakdown or () in area.groupings}
    return found


def oddities_of(session: Any, journey: Journey) -> dict[str, int]:
    odd = (
        {}
        if journey.set_aside == "FALSE"
        else dict(session.rows(f"SELECT set_aside, count(*) FROM {journey.name} WHERE set_aside <> '' GROUP BY set_aside"))
    )
    for name, _, predicate in journey.remarks:
        odd[name] = session.rows(f"SELECT count_where({predicate}) FROM {journey.name}")[0][0]
    return {f"{journey.name}.{name}": count for name, count in odd.items() if count}


def by_truth(month: Month) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, int]]:
    truth, plan, population = month.truth, month.plan, month.truth.stories.population
    figures = [
        *truth.install_figures(),
        *truth.match_figures(),
        *quarter_figures(truth.hubs.values(), plan.period, plan.until_at),
        *version_figures(plan.period, population.devices, told_versions(plan, population)),
    ]
    conflicts = sum(match.bucket == "X" for match in month.truth.matches())
    odd = month.truth.install_oddities() | ({"no_wan_matches.in_conflict": conflicts} if conflicts else {})
    return {figure.name: (figure.counted, figure.met) for figure in figures}, odd


QUARTER = quarter_before(SEPTEMBER)[1:]

# Settled; in the month; when some are past their 90 days and some not.
AS_AT = {"settled": None, "inside": SEPTEMBER.start_at + 20 * DAY_US, "after": SEPTEMBER.start_at + 105 * DAY_US + DAY_US // 2}


@pytest.mark.parametrize(
    ("seed", "faults", "seen"), [(1, "none", "settled"), (2, "hard", "after"), (4, "usual", "inside"), (3, "hard", "settled")]
)
def test_truth_and_product(embedded: Engine, sail: Engine, seed: int, faults: str, seen: str) -> None:
    month = month_of(plan_of(seed, faults, AS_AT[seen]))
    expected = by_truth(month)
    assert by_product(embedded, month) == expected
    assert by_product(sail, month) == expected
    # Otherwise agreement would say little.
    assert len({match.bucket for match in month.truth.matches()}) >= 7
    states = {name for name in ("commissioned", "awaiting", "left") if expected[0][f"installs.{name}"][0]}
    assert states == ({"commissioned", "left", "awaiting"} if seen == "after" else {"commissioned", "awaiting"})
    quarter = {name.partition("/")[0].partition(".")[2]: pair for name, pair in expected[0].items() if name.endswith("/quarter=2021-Q2")}
    # By the lists further hubs were connected in time, and some are excepted.
    (connected, met), (listed, met_by_lists) = quarter["connected"], quarter["connected_listed"]
    assert 0 < (quarter["recovered"][1] or 0) < (met or 0) < (met_by_lists or 0) < (listed or 0) < (connected or 0)
    assert listed == (connected or 0) - (quarter["excepted_hubs"][0] or 0)
    # Until the last of them has had its 90 days, some are in neither number.
    of_quarter = sum(QUARTER[0] <= hub.first_at < QUARTER[1] for hub in month.truth.hubs.values())
    assert (connected < of_quarter) == (seen == "inside")
    assert expected[0]["hub_versions.changed"][0]
