"""Whether every contender gave the same answer: J1 by its counts, J2 integer by integer."""

from pathlib import Path
from typing import Any

import duckdb

# J1: what must be equal, whoever tells it. Further findings of ours (repeated rows as a finding) have no word among the peers.
COUNTS = (
    "accepted",
    "duplicates",
    "stamps",
    "wide",
    "long",
    "short",
    "empty request_id",
    "empty observed_at",
    "type observed_at",
    "future",
    "unknown srv",
    "unknown device_type",
    "unknown region",
    "unknown code",
)
# Planted faults by the reason they must be found under.
PLANTED = {
    "wide": ("wide",),
    "long": ("long", "longer"),
    "short": ("short",),
    "empty request_id": ("no_key",),
    "empty observed_at": ("no_stamp",),
    "type observed_at": ("bad_month", "bad_hour", "bad_words"),
    "future": ("future",),
    "unknown srv": ("unknown_srv",),
    "unknown device_type": ("unknown_device_type",),
    "unknown region": ("unknown_region",),
    "unknown code": ("unknown_code",),
}
# The product names a User who stands in no party list by "user:" and the id.
COLUMNS = "srv, replace(party, 'user:', '') AS party, device_type, region, day, volume, responded, success, in_target, p50, p95, p99"


def compare_counts(answers: dict[str, dict[str, Any]], told: dict[str, int]) -> list[str]:
    """J1: sentences of what differs, between contenders and from what was planted; none is equal."""
    differing = []
    for count in COUNTS:
        found = {name: answer.get(count, 0) for name, answer in answers.items()}
        if len(set(found.values())) > 1:
            differing.append(f"J1 {count}: {found}")
        if count in PLANTED and set(found.values()) != {sum(told[fault] for fault in PLANTED[count])}:
            differing.append(f"J1 {count}: {found}, planted {sum(told[fault] for fault in PLANTED[count])}")
    return differing


def compare_rows(answers: dict[str, Path]) -> tuple[list[str], dict[str, int]]:
    """J2: sentences of what differs from the first, and the checksums of the first."""
    (first, standard), *others = answers.items()
    differing = []
    for name, path in others:
        for some, rest, missing in ((standard, path, name), (path, standard, first)):
            sql = f"SELECT count(*) FROM (SELECT {COLUMNS} FROM '{some}' EXCEPT ALL SELECT {COLUMNS} FROM '{rest}')"
            if rows := duckdb.execute(sql).fetchall()[0][0]:
                differing.append(f"J2 {name} against {first}: {rows} rows are not in the answer of {missing}")
    numbers = ("volume", "responded", "success", "in_target", "p50", "p95", "p99")
    sums = ", ".join(f"sum({number})::BIGINT" for number in numbers)
    totals = duckdb.execute(f"SELECT count(*), {sums} FROM '{standard}'").fetchall()[0]
    return differing, dict(zip(("rows", *numbers), totals, strict=True))
