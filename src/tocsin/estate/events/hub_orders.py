"""Communications Hubs ordered, delivered and returned: a file a month of each CSP company, and none of the SMETS1 side."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.chance import chance
from tocsin.estate.events.firmware_requests import eui
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.growth import volume_of
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import TableLayout, write_table
from tocsin.estate.truth.level_figures import ORDER_INDICATORS, Line, nothing, write_figures
from tocsin.estate.words import number
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.instants import DAY_US, MINUTE_US
from tocsin.vocabulary.service_providers import service_providers

FEED = "hub_orders"
STAMPS = ("recorded_at", "promised_at")
NO_YES = {"is_fault": {"true": "FAULT", "false": "NO FAULT"}}

LAYOUTS: dict[str, tuple[str, TableLayout]] = {
    "CSPN": (
        "ARQ-CHORDERS-{month}.csv.gz",
        TableLayout(
            {"Record": "record_id", "Type": "record_kind", "Order": "order_id", "Customer": "user_id", "Quantity": "hub_count",
             "Date": "recorded_at", "Promised": "promised_at", "GUID": "comms_hub_id", "Fault": "is_fault"},
            "csv.gz", delimiter=";", stamps=STAMPS, stamp="%d/%m/%Y %H:%M:%S", values=NO_YES,
        ),
    ),
    "CSPCS": (
        "CSPCS_HUB_ORDERS_{month}.xlsx",
        TableLayout(
            {"Id": "record_id", "Kind": "record_kind", "For order": "order_id", "User": "user_id", "Contract": "service_provider",
             "Region": "region", "Hubs": "hub_count", "At": "recorded_at", "Until": "promised_at", "Hub": "comms_hub_id",
             "Faulty": "is_fault"},
            "xlsx", stamps=STAMPS, values=NO_YES,
        ),
    ),
}  # fmt: skip

# An order is of a pallet's worth; five Working Weeks are promised (assumed). Of a hundred deliveries so many are late.
PALLET, PROMISED_DAYS, LATE = 40, 35, 6
# One of so many Communications Hubs installed comes back, two in five of them with a fault (assumed).
RETURNED_ONE_IN, FAULTY_OF_FIVE = 50, 2
FEWEST = 2

COUNTS = ("records", "hubs", "late", "faulty")


@dataclass
class OrderTruth:
    """(Service Provider, kind of record) to COUNTS of the files that came; late: deliveries after what was promised."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    figures: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, plan: Plan, rows: list[dict[str, Any]]) -> None:
        """What figures count of the rows of a file that came: of the month, each for all, its CSP, and its CSP and region."""
        came: Counter[str] = Counter()
        promised = {row["record_id"]: row["promised_at"] for row in rows if row["record_kind"] == "order"}
        for row in rows:
            if row["record_kind"] == "delivery" and row["recorded_at"] <= promised[row["order_id"]]:
                came[row["order_id"]] += row["hub_count"]
        for row in rows:
            for split in ("", f"/service_provider={row['service_provider']}", "/service_provider={service_provider}/region={region}"):
                counts = self.figures.setdefault(split.format(**row), Counter())
                if plan.period.start_at <= row["recorded_at"] < plan.period.end_at:
                    kind = {"order": "ordered", "delivery": "delivered", "return": "returned"}[row["record_kind"]]
                    counts.update({kind: row["hub_count"], "orders": int(kind == "ordered")})
                    if kind == "returned":
                        counts.update({"returned_faulty" if row["is_fault"] else "returned_sound": row["hub_count"]})
                if row["record_kind"] == "order" and plan.period.start_at <= row["promised_at"] < plan.period.end_at:
                    counts.update(due_in_time=row["hub_count"], in_time=min(came[row["record_id"]], row["hub_count"]))

    def lines(self) -> list[Line]:
        """Every figure of Communications Hub orders."""
        if not self.figures:
            return nothing("hub_ordering", ORDER_INDICATORS)
        return [
            (f"hub_ordering.{indicator}{split}", counts[indicator], counts["in_time"] if indicator == "due_in_time" else None, None)
            for split, counts in self.figures.items()
            for indicator in ORDER_INDICATORS
        ]

    def write(self, truth: Path) -> None:
        """hub_orders.csv and hub_order_figures.csv into the folder."""
        with (truth / "hub_orders.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("service_provider", "record_kind", *COUNTS))
            for key, counts in sorted(self.counts.items()):
                writer.writerow((*key, *(counts[name] for name in COUNTS)))
        write_figures(truth / "hub_order_figures.csv", self.lines())


def post_hub_orders(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> OrderTruth:
    """Write the month's records of each CSP company."""
    truth = OrderTruth()
    # An order delivered in a month may have been promised for the next.
    for told in outbox.earlier.orders:
        truth.note(plan, told)
    start_at, end_at = plan.period.start_at, plan.period.end_at
    for sender, (name, layout) in LAYOUTS.items():
        rows = draw_orders(plan, population, sender)
        body = aside / "orders"
        write_table(body, layout, rows)
        file_name, ready = name.format(month=plan.period.label.replace("-", "")), ready_at(FEED, sender, start_at)
        due = due_at(FEED, start_at)
        outbox.post(Posting(FEED, sender, file_name, start_at, end_at, "final", body, len(rows), {}, ready, due))
        if outbox.fates.stands(FEED, sender, start_at):
            truth.note(plan, rows)
            outbox.earlier.orders.append(rows)
            promised = {row["record_id"]: row["promised_at"] for row in rows if row["record_kind"] == "order"}
            for row in rows:
                counts = truth.counts.setdefault((row["service_provider"], row["record_kind"]), Counter())
                is_late = row["record_kind"] == "delivery" and row["recorded_at"] > promised[row["order_id"]]
                counts.update(records=1, hubs=row["hub_count"], late=int(is_late), faulty=int(row["is_fault"] or False))
    return truth


def expected_hub_orders(plan: Plan) -> list[dict[str, Any]]:
    """Both CSP companies owe their records of the month."""
    one = {"feed": FEED, "every": "month", "since": plan.period.first_on, "until": plan.period.next().first_on}
    return [{**one, "sender": sender} for sender in LAYOUTS]


def draw_orders(plan: Plan, population: Population, sender: str) -> list[dict[str, Any]]:
    """Orders with their deliveries, and returns, by record: feed column to value."""
    rows: list[dict[str, Any]] = []
    for code, provider in sorted(service_providers().items()):
        if provider.sender == sender and provider.region in REGIONS:
            random = chance(plan.seed, "orders", code)
            common = {"service_provider": code, "region": provider.region}
            # Two meters stand behind three hubs in five (domain.md 14): two hubs for three meters joined, a third of them each region's.
            joined = volume_of(plan.period).installs * plan.scale.numerator // plan.scale.denominator * 2 // 9
            for place in range(max(FEWEST, joined // PALLET)):
                rows += [{**common, **row} for row in _order(plan, population, random, f"{code}-{plan.period.label}-{place:05d}")]
            for place in range(max(FEWEST, joined // RETURNED_ONE_IN)):
                reference = f"{code}-R-{plan.period.label}-{place:05d}"
                rows.append({**common, **_return(plan, population, random, reference, code)})
    return rows


def _order(plan: Plan, population: Population, random: np.random.Generator, order_id: str) -> list[dict[str, Any]]:
    """An order of a while ago and its delivery in the month: each month's file lists the orders that it delivers."""
    delivered_at = _in_month(plan, random)
    ordered_at = delivered_at - int(random.integers(PROMISED_DAYS - 14, PROMISED_DAYS)) * DAY_US
    promised_at = ordered_at + PROMISED_DAYS * DAY_US
    if random.integers(0, 100) < LATE:
        promised_at = delivered_at - DAY_US
    suppliers = np.unique(population.devices["supplier"])
    user = eui(int(population.users["eui"][int(suppliers[random.integers(0, len(suppliers))])]))
    hubs = int(random.integers(1, 12)) * PALLET // 4
    order = {"record_id": order_id, "record_kind": "order", "order_id": None, "recorded_at": ordered_at, "promised_at": promised_at}
    delivery = {"record_id": f"{order_id}-D", "record_kind": "delivery", "order_id": order_id, "recorded_at": delivered_at}
    whole: dict[str, Any] = {"user_id": user, "hub_count": hubs, "promised_at": None, "comms_hub_id": None, "is_fault": None}
    return [{**whole, **order}, {**whole, **delivery}]


def _return(plan: Plan, population: Population, random: np.random.Generator, record_id: str, provider: str) -> dict[str, Any]:
    devices = population.devices
    is_own = devices["service_provider"] == number("service_provider", provider)
    own = np.flatnonzero(is_own & (devices["device_type"] == number("device_type", "CHF")))
    hub = int(own[random.integers(0, len(own))])
    return {
        "record_id": record_id,
        "record_kind": "return",
        "order_id": None,
        "user_id": eui(int(population.users["eui"][devices["supplier"][hub]])),
        "hub_count": 1,
        "recorded_at": _in_month(plan, random),
        "promised_at": None,
        "comms_hub_id": eui(int(devices["eui"][hub])),
        "is_fault": bool(random.integers(0, 5) < FAULTY_OF_FIVE),
    }


def _in_month(plan: Plan, random: np.random.Generator) -> int:
    minutes = int(random.integers(0, (plan.period.end_at - plan.period.start_at) // MINUTE_US))
    return plan.period.start_at + minutes * MINUTE_US
