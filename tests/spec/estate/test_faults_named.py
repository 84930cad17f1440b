"""What is told as unnamed: a planted fault that a run leaves out, or tells with another count, each of its kind."""

from dataclasses import replace
from pathlib import Path

import pytest

from frozen_run import made_up_run
from tocsin.estate.truth.faults import PlantedFault, write_faults
from tocsin.reports.frozen import FrozenRun, OddityLine
from tocsin.reports.frozen_received import DeliveryLine, FindingLine, RefusedFile, RepeatedFile, SlotLine, SupersededLine
from twin.estate_faults import unnamed

FAULTS = (
    PlantedFault("missing", "audit_trail", "DSP", "2021-08-03", "D03.csv", 1, "slot:missing"),
    PlantedFault("late", "audit_trail", "DSP", "2021-08-04", "D04.csv", 1, "slot:late"),
    PlantedFault("late", "audit_trail", "DSP", "2021-09-01", "D01.csv", 1, "slot:late"),
    PlantedFault("cut", "audit_trail", "DSP", "2021-08-05", "D05.csv", 1, "refused_file"),
    PlantedFault("doubled", "audit_trail", "DSP", "2021-08-06", "D06.csv", 1, "repeated_file"),
    PlantedFault("sent_again", "audit_trail", "DSP", "2021-08-07", "D07.csv", 1, "superseded_file"),
    PlantedFault("no_stamp", "audit_trail", "DSP", "2021-08-08", "D08.csv", 3, "check:AT-EMPTY:observed_at"),
    PlantedFault("repeated", "audit_trail", "DSP", "2021-08-08", "D08.csv", 2, "check:AT-DUP"),
    PlantedFault("unknown_srv", "audit_trail", "DSP", "", "", 7, "check:AT-UNKNOWN:srv"),
    PlantedFault("copied", "audit_trail", "DSP", "2021-08-08", "D08.csv", 5, "oddity:service_requests.repeated"),
)
DELIVERY = DeliveryLine("d8", "audit_trail", "DSP", "D08.csv", "2021-08-08", "final", 0, 100, 95, 3, 2)
TOLD = replace(
    made_up_run(),
    slots=(
        SlotLine("audit_trail", "DSP", "2021-08-03", 1, "missing"),
        SlotLine("audit_trail", "DSP", "2021-08-04", 1, "late"),
    ),
    later_slots=(SlotLine("audit_trail", "DSP", "2021-09-01", 1, "missing"),),
    refused_files=(RefusedFile("D05.csv", "cut short"),),
    repeated_files=(RepeatedFile("D06.csv", 1, "d6"),),
    superseded=(SupersededLine("d7", "audit_trail", "DSP", "D07.csv", "2021-08-07", "final", 1, "d9"),),
    deliveries=(DELIVERY, replace(DELIVERY, delivery_id="d9", file_name="D09.csv")),
    findings=(
        FindingLine("d8", "AT-EMPTY:observed_at", "", 3),
        FindingLine("d8", "AT-DUP", "", 2),
        FindingLine("d8", "AT-UNKNOWN:srv", "", 4),
        FindingLine("d9", "AT-UNKNOWN:srv", "", 3),
    ),
    oddities=(OddityLine("service_requests.repeated", "", 1),),
)


def _unnamed(run: FrozenRun, folder: Path) -> list[str]:
    write_faults(folder / "faults.csv", FAULTS)
    return [f"{fault.kind} {fault.slot}" for fault in unnamed(run, folder / "faults.csv")]


def test_a_run_that_names_everything(tmp_path: Path) -> None:
    assert _unnamed(TOLD, tmp_path) == []


@pytest.mark.parametrize(
    ("run", "left_out"),
    [
        (replace(TOLD, slots=()), ["missing 2021-08-03", "late 2021-08-04"]),
        (replace(TOLD, later_slots=()), ["late 2021-09-01"]),
        (replace(TOLD, refused_files=()), ["cut 2021-08-05"]),
        (replace(TOLD, repeated_files=()), ["doubled 2021-08-06"]),
        (replace(TOLD, superseded=()), ["sent_again 2021-08-07"]),
        (replace(TOLD, findings=TOLD.findings[1:]), ["no_stamp 2021-08-08"]),
        (replace(TOLD, findings=(FindingLine("d8", "AT-EMPTY:observed_at", "", 2), *TOLD.findings[1:])), ["no_stamp 2021-08-08"]),
        (replace(TOLD, findings=TOLD.findings[:-1]), ["unknown_srv "]),
        (replace(TOLD, deliveries=(replace(DELIVERY, duplicates=1), TOLD.deliveries[1])), ["repeated 2021-08-08"]),
        (replace(TOLD, oddities=()), ["copied 2021-08-08"]),
    ],
)
def test_what_a_run_leaves_out_is_told(run: FrozenRun, left_out: list[str], tmp_path: Path) -> None:
    assert _unnamed(run, tmp_path) == left_out
