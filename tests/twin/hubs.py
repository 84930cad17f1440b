"""Communications Hubs, slow and obvious: states, the quarter before, the reconciliation, from accepted rows (domain.md 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
DAY_US = 86_400_000_000
FAILING = ("E081401", "E20")
REGIONS = {form: word.lower() for word in ("North", "Central", "South") for form in (word, word.lower(), word.upper())}


@dataclass
class Hub:
    """Everything told of one hub."""

    key: int
    installs: list[tuple[int, str, int]] = field(default_factory=list)
    returns: list[int] = field(default_factory=list)
    told_regions: list[tuple[int, str]] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)

    @property
    def first(self) -> tuple[int, str, int]:
        return min(self.installs)

    @property
    def no_wan_at(self) -> int | None:
        return min((at for at, srv, _ in self.installs if srv == "8.14.2"), default=None)

    @property
    def connected_at(self) -> int | None:
        first_at, first_srv, _ = self.first
        if first_srv == "8.14.1":
            return first_at
        successes = [at for at, srv, _ in self.installs if srv == "8.14.1"]
        return min([*successes, *self.signs], default=None)

    @property
    def is_returned(self) -> bool:
        return any(at > self.first[0] for at in self.returns)


@dataclass
class Record:
    """An Incident as one side has it."""

    side: str
    provider: str
    incident_id: str
    rows: list[Row]

    def told(self, column: str) -> list[Any]:
        return [row[column] for row in self.rows if row[column] is not None]

    def most(self, column: str) -> Any:
        return max(self.told(column), default=None)

    @property
    def submitted_at(self) -> int:
        return min(self.told("submitted_at"))

    @property
    def name(self) -> str:
        return f"{self.side} {self.provider} {self.incident_id}"


class HubTwin:
    """The rows that stand, read as domain.md 10 says."""

    def __init__(self, trail: Iterable[Row], inventory: Iterable[Row], lists: Iterable[Row], as_at: int):
        self.as_at = as_at
        self.trail = [row for row in trail if row["observed_at"] <= as_at]
        self.inventory = list(inventory)
        self.hubs = self._hubs()
        self.records = self._records(list(lists))
        self.hub_of = {record.name: self._hub_of(record) for record in self.records}

    # --- updates ----------------------------------------------------------------------------------------------------------------

    def _hubs(self) -> dict[int, Hub]:
        hubs: dict[int, Hub] = {}
        by_request: dict[int, list[Row]] = {}
        for row in self.trail:
            by_request.setdefault(row["request_id"], []).append(row)
        for request, rows in by_request.items():
            srv = min((row["srv"] for row in rows if row["srv"]), default="")
            received = [row["observed_at"] for row in rows if row["time_point"] == "RX_DSP"]
            if not srv.startswith("8.14.") or not received or _is_refused(rows):
                continue
            key = min((row["device_id"] for row in rows if row["device_id"] is not None), default=None)
            if key is None:
                continue
            hub = hubs.setdefault(key, Hub(key))
            regions = [row["region"] for row in rows if row["region"]]
            if regions:
                hub.told_regions.append((min(received), min(regions)))
            if srv in ("8.14.1", "8.14.2"):
                hub.installs.append((min(received), srv, request))
            else:
                hub.returns.append(min(received))
        hubs = {key: hub for key, hub in hubs.items() if hub.installs}
        for row in self.trail:
            if row["time_point"] == "RX_DSP_UP":
                for key in {row["device_id"], self._hub_behind(row["device_id"], row["observed_at"])} & hubs.keys():
                    if row["observed_at"] > hubs[key].first[0]:
                        hubs[key].signs.append(row["observed_at"])
        return hubs

    def _version(self, device: int | None, at: int) -> Row | None:
        rows = [row for row in self.inventory if row["device_id"] == device and (row["valid_from"] or 0) <= at]
        return max(rows, key=lambda row: (row["valid_from"] or 0, row["delivery_no"], row["line"]), default=None)

    def _hub_behind(self, device: int | None, at: int) -> int | None:
        version = self._version(device, at)
        return version["comms_hub_id"] if version else None

    def where(self, hub: Hub) -> tuple[str, str]:
        version = self._version(hub.key, hub.first[0])
        told = min(hub.told_regions, default=(0, "UNKNOWN"))[1]
        region = (version and version["region"]) or told
        return REGIONS.get(region, region), (version and version["service_provider"]) or "UNKNOWN"

    # --- lists ------------------------------------------------------------------------------------------------------------------

    def _records(self, lists: list[Row]) -> list[Record]:
        stands: dict[tuple[Any, ...], Row] = {}
        for row in sorted(lists, key=lambda row: (row["listed_at"] or 0, row["delivery_no"], row["line"])):
            if row["submitted_at"] <= self.as_at and (row["listed_at"] or 0) <= self.as_at:
                stands[row["incident_id"], row["list_kind"], row["service_provider"]] = row
        found: dict[str, Record] = {}
        for row in stands.values():
            side = {"raised": "raised", "received": "csp", "closed": "csp"}.get(row["list_kind"], "unknown")
            record = Record(side, row["service_provider"] or "UNKNOWN", row["incident_id"], [])
            found.setdefault(record.name, record).rows.append(row)
        return list(found.values())

    def _near(self, record: Record, others: Iterable[Record]) -> list[tuple[int, Record]]:
        mpxn, day = record.most("mpxn"), record.submitted_at // DAY_US
        same = [other for other in others if mpxn is not None and other.most("mpxn") == mpxn]
        apart = [(abs(other.submitted_at // DAY_US - day), other) for other in same]
        return [(days, other) for days, other in apart if days <= 3]

    def _hub_of(self, record: Record) -> int | None:
        own: int | None = record.most("comms_hub_id")
        if own is not None:
            return own
        near = [(days, other.most("comms_hub_id")) for days, other in self._near(record, self.records)]
        return min(((days, hub) for days, hub in near if hub is not None), default=(0, None))[1]

    def _anchor(self, record: Record) -> str:
        if record.side != "csp" or record.most("comms_hub_id") is not None:
            return record.name
        raised = [other for other in self.records if other.side == "raised" and other.most("comms_hub_id") is None]
        near = [(days, other.name) for days, other in self._near(record, raised)]
        return min(near)[1] if near else record.name

    def _is_of_update(self, record: Record) -> bool:
        hub = self.hubs.get(self.hub_of[record.name] or -1)
        if hub is None or hub.no_wan_at is None:
            return False
        closed = record.most("closed_at")
        return closed is None or closed >= hub.no_wan_at or closed < record.submitted_at

    def of_update(self, hub: Hub) -> list[Record]:
        return [record for record in self.records if self.hub_of[record.name] == hub.key and self._is_of_update(record)]

    # --- states -----------------------------------------------------------------------------------------------------------------

    def _list_stamp(self, hub: Hub, outcome: str) -> int | None:
        found = [record.most("closed_at") for record in self.of_update(hub) if record.most("outcome") == outcome]
        return min((at for at in found if at is not None), default=None)

    def _is_succeeded(self, hub: Hub) -> bool:
        def homes(key: int) -> dict[int, int]:
            found: dict[int, int] = {}
            for record in self.records:
                mpxn = record.most("mpxn")
                if self.hub_of[record.name] == key and mpxn is not None:
                    found[mpxn] = min(found.get(mpxn, record.submitted_at), record.submitted_at)
            return found

        mine = homes(hub.key)
        others = {key for key in self.hub_of.values() if key is not None and key != hub.key}
        return any(mpxn in mine and at > mine[mpxn] for key in others for mpxn, at in homes(key).items())

    def state(self, hub: Hub, *, by_lists: bool) -> str:
        records = self.of_update(hub) if by_lists else []
        if hub.is_returned or (by_lists and (self._list_stamp(hub, "replaced") is not None or self._is_succeeded(hub))):
            return "replaced"
        if hub.connected_at is not None or (by_lists and self._list_stamp(hub, "connected") is not None):
            return "commissioned"
        if any(r.most("outcome") == "not_achievable" or (r.most("exception") and r.most("closed_at") is not None) for r in records):
            return "left"
        return "left" if self.as_at // DAY_US - hub.first[0] // DAY_US > 90 else "pending_90"

    def installs(self, start_at: int, end_at: int) -> dict[int, tuple[Any, ...]]:
        """Hub to first update, region, provider, state with lists, state by the trail, exception, of hubs first updated in a stretch."""
        return {
            hub.key: (
                *hub.first[:2],
                *self.where(hub),
                self.state(hub, by_lists=True),
                self.state(hub, by_lists=False),
                max((record.most("exception") or "" for record in self.of_update(hub)), default=""),
            )
            for hub in self.hubs.values()
            if start_at <= hub.first[0] < end_at
        }

    def within_90(self, hub: Hub, *, by_lists: bool) -> bool:
        signs = [hub.connected_at, self._list_stamp(hub, "connected") if by_lists else None]
        return any(at is not None and at // DAY_US - hub.first[0] // DAY_US <= 90 for at in signs)

    # --- the reconciliation -----------------------------------------------------------------------------------------------------

    def matches(self, start_at: int, end_at: int) -> list[tuple[Any, ...]]:
        """(hub or None, cohort, bucket, conflict, raised, listed, age in days) of what began in the month or the 90 days before."""
        found = []
        for hub in self.hubs.values():
            if hub.no_wan_at is not None:
                found.append((hub.no_wan_at, hub.key, True, self.of_update(hub)))
        left: dict[Any, list[Record]] = {}
        for record in self.records:
            if not self._is_of_update(record):
                hub_key = self.hub_of[record.name]
                left.setdefault(hub_key if hub_key is not None else self._anchor(record), []).append(record)
        for key, records in left.items():
            found.append((min(r.submitted_at for r in records), key if isinstance(key, int) else None, False, records))
        return sorted(
            (
                (self._match(anchor_at, start_at, key, has_update, records))
                for anchor_at, key, has_update, records in found
                if anchor_at < end_at and anchor_at // DAY_US >= start_at // DAY_US - 90
            ),
            key=str,
        )

    def _match(self, anchor_at: int, start_at: int, key: int | None, has_update: bool, records: list[Record]) -> tuple[Any, ...]:
        raised, listed = (any(record.side == side for record in records) for side in ("raised", "csp"))
        conflict = self._conflict(key, has_update, anchor_at, records)
        if conflict:
            bucket = "X"
        else:
            with_update = {(True, True): "M3", (True, False): "M2a", (False, True): "M2b", (False, False): "U1"}
            without = {(True, True): "U2", (True, False): "U4", (False, True): "U3", (False, False): "UNKNOWN"}
            bucket = (with_update if has_update else without)[raised, listed]
        cohort = "period" if anchor_at >= start_at else "before"
        return key, cohort, bucket, conflict, raised, listed, self.as_at // DAY_US - anchor_at // DAY_US

    def _conflict(self, key: int | None, has_update: bool, anchor_at: int, records: list[Record]) -> str:
        def values(column: str) -> set[Any]:
            return {value for record in records for value in record.told(column)}

        regions = {REGIONS.get(word, word) for word in values("region")}
        if has_update:
            known = self.where(self.hubs[key])[0]  # type: ignore[index]  # a hub with an update is known
        else:
            version = self._version(key, anchor_at)
            word = (version and version["region"]) or "UNKNOWN"
            known = REGIONS.get(word, word)
        closed = [record.told("closed_at") for record in records]
        sides = {
            side: max((r.most("closed_at") for r in records if r.side == side and r.told("closed_at")), default=None)
            for side in ("raised", "csp")
        }
        asked = (
            ("category", len(values("category")) > 1),
            ("mpxn", len({record.most("mpxn") for record in records} - {None}) > 1),
            ("region", len(regions) > 1 or (bool(regions) and known != "UNKNOWN" and regions != {known})),
            ("closed_before_submitted", any(min(at) < r.submitted_at for at, r in zip(closed, records, strict=True) if at)),
            ("closing", any(len(set(at)) > 1 for at in closed) or (None not in sides.values() and sides["raised"] != sides["csp"])),
            ("outcome", any(len(set(record.told("outcome"))) > 1 for record in records)),
        )
        return next((word for word, is_so in asked if is_so), "")


def _is_refused(rows: list[Row]) -> bool:
    """By the earliest answer; of several at one instant by the worst."""
    answers = [(row["observed_at"], row["response_code"] not in FAILING) for row in rows if row["time_point"] == "TX_USER"]
    return bool(answers) and not min(answers)[1]
