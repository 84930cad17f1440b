"""Device firmware of the estate: the stages of every attempt, told day by day by those that can see them (CR1421, CR1440)."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.estate.block import Block
from tocsin.estate.events.firmware_draw import AFTER_DAYS, BEFORE_DAYS, Attempt, FirmwareEvent, activations, draw_attempts
from tocsin.estate.events.firmware_layouts import LAYOUTS, FirmwareLayout
from tocsin.estate.events.firmware_requests import eui
from tocsin.estate.events.registers import inventory_from
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.models import COHORTS, models
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.rhythm import day_on
from tocsin.estate.senders.table_file import write_table
from tocsin.estate.truth import firmware as judged
from tocsin.estate.truth.firmware import WHAT, Judged, Rules, SplitsOf, StageTold
from tocsin.estate.truth.firmware_figures import activation_figures, no_data, oddities, upload_figures, write_lines, write_oddities
from tocsin.estate.words import WORDS
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US, SECOND_US, moment

FEED = "device_firmware"
# An image is to arrive within five days of its acceptance; equal is met (domain.md 2.7 and 15.8).
TARGET_US = 5 * DAY_US
MS_US = 1000

COUNTS = (
    "named", "refused", "superseded", "accepted", "not_reportable", "delivered_in_time", "delivered_late", "activation_requested",
    "answered_ok", "confirmed_without_answer",
)  # fmt: skip


@dataclass
class FirmwareTruth:
    """What files that came tell, (sender, UTC day, stage, result) to rows; and what truly became of the attempts accepted in the month,
    (generation, device type, Service Provider, model) to the numbers of COUNTS."""

    rules: Rules
    splits: SplitsOf
    rows: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)
    attempts: dict[tuple[str, str, str, str], Counter[str]] = field(default_factory=dict)
    told: list[StageTold] = field(default_factory=list)
    has_files: bool = False

    def judged(self) -> tuple[list[Judged], list[Judged]]:
        """Uploads and activations of the month, by what files that came tell."""
        found = judged.attempts_of(self.told, self.rules.skew_us)
        return list(judged.uploads(found, self.rules, self.splits)), list(judged.activations(found, self.rules, self.splits))

    def oddities(self) -> Counter[str]:
        """What data quality counts of both."""
        uploads, activated = self.judged()
        told = oddities("firmware_uploads", uploads, ("success_and_failure", "unseen"))
        told["firmware_uploads.unknown_device"] = sum(one.splits["device_type"] == UNKNOWN for one in uploads)
        return +(told + oddities("firmware_activations", activated, ("success_and_failure", "asked_again")))

    def write(self, truth: Path) -> None:
        """firmware.csv, firmware_attempts.csv, the figures and oddities into the folder."""
        uploads, activated = self.judged()
        write_oddities(truth / "firmware_oddities.csv", self.oddities())
        for name, lines in (("upload", upload_figures(uploads)), ("activation", activation_figures(activated))):
            told = list(lines)
            write_lines(truth / f"firmware_{name}_figures.csv", told if self.has_files else no_data(n for n, *_ in told if "/" not in n))
        with (truth / "firmware.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("sender", "day", "stage", "result", "rows"))
            for key, rows in sorted(self.rows.items()):
                sender, day, stage, result = key
                writer.writerow((sender, day_on(day).isoformat(), stage, result, rows))
        with (truth / "firmware_attempts.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("generation", "device_type", "service_provider", "model", *COUNTS))
            for group, counts in sorted(self.attempts.items()):
                writer.writerow((*group, *(counts[name] for name in COUNTS)))


def post_firmware(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> FirmwareTruth:
    """Write a file a day of every sender, from a week before the month until five days after it."""
    attempts = draw_attempts(plan, population)
    splits = SplitsOf(_listed(plan, population, attempts))
    truth = FirmwareTruth(Rules.of(plan.period.first_on, plan.period.start_at, plan.period.end_at, plan.until_at), splits)
    _count_attempts(truth, plan, population, attempts)
    for layout in LAYOUTS:
        of_day: dict[int, list[dict[str, Any]]] = {}
        told: dict[int, list[StageTold]] = {}
        for attempt, event in _seen(layout, population, attempts):
            row = _row(layout, population, attempt, event)
            of_day.setdefault(event.observed_at // DAY_US, []).append(row)
            told.setdefault(event.observed_at // DAY_US, []).append(_told(layout, attempt.device, row))
        for day in file_days(plan):
            rows = sorted(of_day.get(day, []), key=lambda row: (row["observed_at"], row["device_id"], row["stage"]))
            start_at = day * DAY_US
            body = aside / "firmware"
            write_table(body, layout.table, rows)
            name = layout.name.format(day=f"{moment(start_at):%Y%m%d}")
            ready, due = ready_at(FEED, layout.sender, start_at), due_at(FEED, start_at)
            outbox.post(Posting(FEED, layout.sender, name, start_at, start_at + DAY_US, "final", body, len(rows), {}, ready, due))
            if outbox.fates.stands(FEED, layout.sender, start_at):
                truth.rows.update((layout.sender, day, row["stage"], row["result"]) for row in rows)
                truth.told += told.get(day, [])
                truth.has_files = True
    return truth


def expected_firmware(plan: Plan) -> list[dict[str, Any]]:
    """Who owes a file of firmware a day."""
    since, until = day_on(plan.period.start_at // DAY_US), day_on(plan.period.end_at // DAY_US + 2)
    return [{"feed": FEED, "sender": layout.sender, "every": "day", "since": since, "until": until} for layout in LAYOUTS]


def activations_of(plan: Plan, population: Population) -> Block:
    """The Block of successful activations of electricity meters: device (place), at_us."""
    return activations(draw_attempts(plan, population), population)


def file_days(plan: Plan) -> list[int]:
    """UTC days whose files are sent by `until_at`."""
    days = range(plan.days.start - BEFORE_DAYS, plan.period.end_at // DAY_US + AFTER_DAYS)
    return [day for day in days if (day + 1) * DAY_US <= plan.until_at]


def _seen(layout: FirmwareLayout, population: Population, attempts: list[Attempt]) -> Iterator[tuple[Attempt, FirmwareEvent]]:
    """What a sender can see: a Service Provider its own devices; the DSP all but what happens on another's network without an alert."""
    for attempt in attempts:
        provider = WORDS["service_provider"][population.devices["service_provider"][attempt.device]]
        is_smets1 = bool(population.devices["is_smets1"][attempt.device])
        for event in attempt.events:
            if layout.sender == "DSP":
                is_seen = event.stage not in {"F2", "F3"} or (not is_smets1 and bool(event.alert_code))
            else:
                is_seen = provider == layout.sender and event.stage in layout.stages
            if is_seen:
                yield attempt, event


def _row(layout: FirmwareLayout, population: Population, attempt: Attempt, event: FirmwareEvent) -> dict[str, Any]:
    devices, device = population.devices, attempt.device
    at = event.observed_at
    unit = MS_US if layout.table.stamp in {"iso", "epoch_ms"} else SECOND_US
    by_dsp = layout.sender == "DSP"
    told: Mapping[str, Any] = {
        "request_id": attempt.request.text(population),
        "stage_request_id": "" if event.stage_request is None else event.stage_request.text(population),
        "device_id": eui(int(devices["eui"][device])),
        "stage": event.stage,
        "observed_at": at - at % unit,
        "result": event.result,
        "srv": event.srv,
        "response_code": event.response_code,
        "alert_code": event.alert_code,
        "evidence": ("alert" if event.alert_code else "response" if event.response_code else "provider_log") if by_dsp else "provider_log",
        "image_version": attempt.version,
        "version_found": event.version_found,
        "execution_at": event.execution_at,
        "device_type": attempt.model.device_type,
        "model": attempt.model.name,
        "cohort": COHORTS[devices["cohort"][device]],
        "comms_hub_id": eui(int(devices["eui"][devices["hub"][device]])),
        "region": WORDS["region"][devices["region"][device]],
        "service_provider": WORDS["service_provider"][devices["service_provider"][device]],
    }
    return {name: None if value == "" else value for name, value in told.items()}


def _told(layout: FirmwareLayout, device: int, row: Mapping[str, Any]) -> StageTold:
    """A row as its file tells it: what its layout leaves out, a Service Provider's Shape adds of whose devices it tells."""
    told = {name: row[name] for name in layout.table.columns.values() if row[name] is not None}
    if layout.sender != "DSP":
        told |= {"region": "north" if layout.sender == "CSPN" else "smets1", "service_provider": layout.sender}
    return StageTold(
        request=told.get("request_id", ""),
        device=device,
        stage=row["stage"],
        result=row["result"],
        observed_at=row["observed_at"],
        version=told.get("image_version", ""),
        found=told.get("version_found", ""),
        is_alert=told.get("evidence", "") == "alert",
        execution_at=told.get("execution_at"),
        what={name: told[name] for name in WHAT if name in told},
    )


def _listed(plan: Plan, population: Population, attempts: list[Attempt]) -> dict[int, tuple[int, Mapping[str, str]]]:
    """What the inventory has of each device that a campaign may name, and from when (NEVER is after any instant)."""
    devices, since = population.devices, inventory_from(plan, population)
    return {
        place: (
            int(since[place]),
            {
                "device_type": WORDS["device_type"][devices["device_type"][place]],
                "model": models()[devices["model"][place]].name,
                "region": WORDS["region"][devices["region"][place]],
                "service_provider": WORDS["service_provider"][devices["service_provider"][place]],
                "generation": "SMETS1" if devices["is_smets1"][place] else "SMETS2+",
            },
        )
        for place in {attempt.device for attempt in attempts}
    }


def _count_attempts(truth: FirmwareTruth, plan: Plan, population: Population, attempts: list[Attempt]) -> None:
    """Attempts accepted, or refused, in the month, by what was known when the last file is sent."""
    end_at = (plan.period.end_at // DAY_US + AFTER_DAYS) * DAY_US
    devices = population.devices
    for attempt in attempts:
        accepted = attempt.events[0]
        if not plan.period.start_at <= accepted.observed_at < plan.period.end_at:
            continue
        group = (
            "SMETS1" if devices["is_smets1"][attempt.device] else "SMETS2+",
            attempt.model.device_type,
            WORDS["service_provider"][devices["service_provider"][attempt.device]],
            attempt.model.name,
        )
        counts = truth.attempts.setdefault(group, Counter())
        known = Attempt(**{**vars(attempt), "events": [event for event in attempt.events if event.observed_at < end_at]})
        counts.update(_what_became(known))


def _what_became(attempt: Attempt) -> list[str]:
    """The names of COUNTS that an attempt adds one to; one that was superseded leaves all but the first three (domain.md 8.3)."""
    accepted = attempt.events[0]
    if accepted.result == "refused":
        return ["named", "refused"]
    if attempt.is_superseded:
        return ["named", "superseded"]
    told = ["named", "accepted"]
    if not attempt.model.can_report:
        told.append("not_reportable")
    delivered = attempt.of("F3" if attempt.model.can_report else "F2", "ok")
    if delivered is not None:
        told.append("delivered_in_time" if delivered.observed_at - accepted.observed_at <= TARGET_US else "delivered_late")
    if attempt.of("F4") is not None:
        told.append("activation_requested")
        if attempt.of("F5", "ok") is not None:
            told.append("answered_ok")
        elif attempt.of("F6", "ok") is not None:
            told.append("confirmed_without_answer")
    return told
