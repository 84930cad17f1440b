"""Requests for SMKI certificates and repository documents of a month, as the DSP lists them, with their truth (CPM 7 and 8)."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.chance import chance
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.growth import volume_of
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import TableLayout, write_table
from tocsin.estate.truth.level_figures import SMKI_INDICATORS, Line, nothing, span_lines, write_figures
from tocsin.vocabulary.smki import SMKI_SERVICES, smki_targets
from tocsin.vocabulary.target_times import grace_us

FEED, SENDER = "smki_services", "DSP"
MILLISECOND_US = 1000

LAYOUT = TableLayout(
    {
        "Reference": "request_id", "Request Type": "service", "Received": "requested_at", "Sent": "responded_at", "Items": "item_count",
        "Exception": "exclusion",
    },
    "csv.gz",
    delimiter="|",
    stamps=("requested_at", "responded_at"),
    values={"service": {"certificate": "CSR", "certificate_batch": "BATCHED CSR", "repository_document": "REPOSITORY"}},
)  # fmt: skip

# A meter joined asks for this many certificates, and one batch stands for so many; documents are asked for by few (all assumed).
CERTIFICATES_A_METER, METERS_A_BATCH, METERS_A_DOCUMENT = 4, 500, 20
FEWEST = {"certificate": 400, "certificate_batch": 30, "repository_document": 120}
# Of ten thousand requests: on target to the millisecond, late, never answered, left out by an agreed exception.
EXACT, LATE, SILENT, EXCLUDED = 40, 70, 15, 20
# However small the scale, the first of each service are silent, on target and late; the next is left out.
FIRST = (0, SILENT, SILENT + EXACT)
COLUMNS = ("service", "requests", "items", "counted", "met", "open", "unanswered", "excluded", "is_delivered")


@dataclass(frozen=True)
class SmkiRequest:
    """One request. Instants are whole milliseconds, in microseconds UTC; `responded_at` None: never answered."""

    request_id: str
    service: str
    requested_at: int
    responded_at: int | None
    item_count: int | None
    exclusion: str | None


@dataclass(frozen=True)
class SmkiTruth:
    """The requests of a month, and whether the file that tells of them came whole."""

    plan: Plan
    requests: Sequence[SmkiRequest]
    is_delivered: bool

    def write(self, truth: Path) -> None:
        """truth/smki.csv: one line a service, whole numbers; and truth/smki_figures.csv."""
        with (truth / "smki.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(self.line(service) for service in SMKI_SERVICES)
        write_figures(truth / "smki_figures.csv", self.lines())

    def lines(self) -> list[Line]:
        """Every figure of SMKI."""
        if not self.is_delivered:
            return [*nothing("cpm_7"), *nothing("cpm_8"), *nothing("smki", SMKI_INDICATORS)]
        found: list[Line] = []
        by_service = {service: dict(zip(COLUMNS[1:-1], self.line(service)[1:-1], strict=True)) for service in SMKI_SERVICES}
        for service, of in by_service.items():
            counts = {name: int(str(cell)) for name, cell in of.items()}
            for name, cell in (("volume", "requests"), ("items", "items"), ("unanswered", "unanswered"), ("excluded", "excluded")):
                found.append((f"smki.{name}/service={service}", counts[cell], None, None))
            found.append((f"smki.within_target/service={service}", counts["counted"], counts["met"], None))
            answered = (one for one in self.requests if one.service == service and one.exclusion is None)
            spans = [one.responded_at - one.requested_at for one in answered if one.responded_at is not None]
            found += span_lines(f"smki.response/service={service}", spans)
        for cpm, services in (("cpm_7", SMKI_SERVICES[:2]), ("cpm_8", SMKI_SERVICES[2:])):
            parts = [(f"/service={service}", by_service[service]) for service in services]
            numbers = [(split, int(str(of["counted"])), int(str(of["met"]))) for split, of in parts]
            whole = ("", sum(counted for _, counted, _ in numbers), sum(met for _, _, met in numbers))
            found += [(f"{cpm}{split}", counted, met, None) for split, counted, met in (whole, *numbers)]
        return found

    def line(self, service: str) -> tuple[object, ...]:
        """The cells of one service, in the order of COLUMNS, by all that is known at the plan's last instant."""
        target = smki_targets(self.plan.period.first_on)[service]
        counts: Counter[str] = Counter()
        for request in (one for one in self.requests if one.service == service):
            waited = self.plan.until_at - request.requested_at
            silent = request.responded_at is None
            is_open = silent and waited <= target + grace_us(self.plan.period.first_on)
            counts.update(requests=1, items=request.item_count or 1, open=is_open, unanswered=silent and not is_open)
            if request.exclusion is not None:
                counts.update(excluded=1)
            elif not is_open:
                is_met = request.responded_at is not None and request.responded_at - request.requested_at <= target
                counts.update(counted=1, met=is_met)
        return (service, *(counts[name] for name in COLUMNS[1:-1]), "yes" if self.is_delivered else "no")


def post_smki(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> SmkiTruth:
    """Write and post the month's list."""
    del population
    start_at = plan.period.start_at
    requests = tuple(draw_smki(plan))
    ready, owed_at = ready_at(FEED, SENDER, start_at), due_at(FEED, start_at)
    body = aside / f"DSP_SMKI_{plan.period.label.replace('-', '')}.csv.gz"
    write_table(body, LAYOUT, (asdict(request) for request in requests))
    outbox.post(Posting(FEED, SENDER, body.name, start_at, plan.period.end_at, "final", body, len(requests), {}, ready, owed_at))
    return SmkiTruth(plan, requests, outbox.fates.stands(FEED, SENDER, start_at))


def expected_smki(plan: Plan) -> list[dict[str, Any]]:
    """One list for the month."""
    period = plan.period
    return [{"feed": FEED, "sender": SENDER, "every": "month", "since": period.first_on, "until": period.next().first_on}]


def draw_smki(plan: Plan) -> Iterator[SmkiRequest]:
    """Every request received in the month, by service and time."""
    meters = volume_of(plan.period).installs * plan.scale.numerator // plan.scale.denominator
    asked = {
        "certificate": meters * CERTIFICATES_A_METER,
        "certificate_batch": meters // METERS_A_BATCH,
        "repository_document": meters // METERS_A_DOCUMENT,
    }
    for service in SMKI_SERVICES:
        random = chance(plan.seed, "smki", service)
        number = max(FEWEST[service], asked[service])
        received = np.sort(random.integers(0, (plan.period.end_at - plan.period.start_at) // MILLISECOND_US, number))
        target = smki_targets(plan.period.first_on)[service]
        for place, after in enumerate(received.tolist(), 1):
            at = plan.period.start_at + after * MILLISECOND_US
            is_batch = service == "certificate_batch"
            yield SmkiRequest(
                f"{service[0].upper()}{service[-1].upper()}{plan.period.label.replace('-', '')}{place:07d}",
                service,
                at,
                _answered(random, place, at, target),
                int(random.integers(100, 50_001)) if is_batch else None,
                "AGREED EXCEPTION" if random.integers(0, 10_000) < EXCLUDED or place == len(FIRST) + 1 else None,
            )


def _answered(random: np.random.Generator, place: int, at: int, target: int) -> int | None:
    kind = FIRST[place - 1] if place <= len(FIRST) else int(random.integers(0, 10_000))
    if kind < SILENT:
        return None
    if kind < SILENT + EXACT:
        return at + target
    share = random.uniform(1.0001, 3) if kind < SILENT + EXACT + LATE else random.beta(2, 8)
    return at + int(target * share) // MILLISECOND_US * MILLISECOND_US
