"""The dated facts that the journeys of Communications Hubs join to their rows, as small relations out of the vocabulary."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.no_sm_wan_incidents import NO_SM_WAN_INCIDENTS
from tocsin.journeys import picked_requests
from tocsin.journeys.picked_hub_signs import HUB_SIGNS
from tocsin.journeys.service_request_facts import CODE_FACTS, REGION_WORDS, SRV_FACTS
from tocsin.journeys.service_request_facts import dated_relations as request_relations
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.settings import setting

LIMITS = Relation(
    "install_limits", (("match_days", "BIGINT"), ("decision_days", "BIGINT"), ("incident_lag_us", "BIGINT"), ("csp_lag_us", "BIGINT"))
)
DAYS = Relation("install_days", (("day", "BIGINT"), ("installed_on", "VARCHAR")))
QUARTERS = Relation("install_quarters", (("quarter", "VARCHAR"), ("from_at", "BIGINT"), ("until_at", "BIGINT")))

DATED = (CODE_FACTS, REGION_WORDS, SRV_FACTS, LIMITS, DAYS, QUARTERS)
FEEDS = (AUDIT_TRAIL, DEVICE_INVENTORY, NO_SM_WAN_INCIDENTS)
READS = (*(feed.name for feed in FEEDS), *(relation.name for relation in DATED))
PICKS = (*picked_requests.PICKS, HUB_SIGNS)

# Everything a text of these journeys may ask for: of the trail only what was picked.
RELATIONS = {
    **{feed.name: feed.stored_columns for feed in FEEDS if feed is not AUDIT_TRAIL},
    **{pick.name: pick.columns for pick in PICKS},
    **{relation.name: relation.columns for relation in DATED},
}


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """The facts in force on the first day of a period, with their rows. Raises BadDeclaration on a bad row of the override."""
    shared = [(relation, rows) for relation, rows in request_relations(on, override) if relation in DATED]
    days = [setting(name, on, override).us // DAY_US for name in ("no_wan_premises_match", "no_wan_decision")]
    lags = [setting(name, on, override).us for name in ("no_wan_incident_lag", "no_wan_csp_lag")]
    return [*shared, (LIMITS, [(*days, *lags)]), (DAYS, _days(on)), (QUARTERS, [_quarter_before(on, override)])]


def _days(on: date) -> list[tuple[Any, ...]]:
    """The UTC days that a month of any zone touches, by their dates."""
    dates = [on + timedelta(days=place) for place in range(-1, 33)]
    return [((one - date(1970, 1, 1)).days, one.isoformat()) for one in dates]


def _quarter_before(on: date, override: Path | None) -> tuple[str, int, int]:
    """The quarter before that of the period: the report of a quarter tells of the attempts of the one before it (domain.md 10.1)."""
    year, quarter = (on.year, (on.month - 1) // 3) if on.month > 3 else (on.year - 1, 4)
    zone = setting("period_zone", on, override).value
    first, last = Period(year, quarter * 3 - 2, zone), Period(year, quarter * 3, zone)
    return f"{year}-Q{quarter}", first.start_at, last.end_at
