"""Which planted faults of a simulation a run does not name: faults.csv against the run's own lines, each by the file or slot it befell."""

from collections import Counter
from pathlib import Path

from tocsin.estate.truth.faults import PlantedFault, read_faults
from tocsin.reports.frozen import FrozenRun


def unnamed(run: FrozenRun, faults: Path) -> list[PlantedFault]:
    """The rows of a faults.csv that the data-quality section of a run does not tell, or tells with another count."""
    named = _Named(run)
    return [fault for fault in read_faults(faults) if not named.names(fault)]


class _Named:
    """What a run names, by what it is looked up with."""

    def __init__(self, run: FrozenRun) -> None:
        slots = (*run.slots, *run.later_slots)
        self.slots = {(slot.feed, slot.sender, slot.covers, slot.state) for slot in slots}
        self.refused = {refused.file_name for refused in run.refused_files}
        self.repeated = {again.file_name for again in run.repeated_files}
        self.superseded = {line.file_name for line in run.superseded}
        self.oddities = {oddity.name for oddity in run.oddities if oddity.count}
        files = {line.delivery_id: line.file_name for line in run.deliveries}
        self.checks = Counter[tuple[str, str]]()
        for finding in run.findings:
            self.checks[files[finding.delivery_id], finding.check_id] += finding.count
        senders = {line.delivery_id: (line.feed, line.sender) for line in run.deliveries}
        self.sender_checks = Counter[tuple[str, str, str]]()
        for finding in run.findings:
            self.sender_checks[*senders[finding.delivery_id], finding.check_id] += finding.count
        self.duplicates = {line.file_name: line.duplicates for line in run.deliveries}

    def names(self, fault: PlantedFault) -> bool:
        how, _, what = fault.named_as.partition(":")
        if how == "slot":
            # A file that was to come late and has not come by the as-at instant is told as missing.
            states = ("late", "missing") if what == "late" else (what,)
            return any((fault.feed, fault.sender, fault.slot, state) in self.slots for state in states)
        if how == "check":
            # Unknown codes are counted over all files of a sender.
            told = self.checks[fault.file, what] if fault.file else self.sender_checks[fault.feed, fault.sender, what]
            return told == fault.count and (fault.kind != "repeated" or self.duplicates[fault.file] == fault.count)
        if how == "oddity":
            return what in self.oddities
        return fault.file in {"refused_file": self.refused, "repeated_file": self.repeated, "superseded_file": self.superseded}[how]
