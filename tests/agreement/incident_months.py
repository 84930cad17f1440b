"""Generated Incidents for the agreement test: few hours, few words, so that ties, edges and contradictions are common."""

import random

from tocsin.vocabulary.calendar import Period

MONTH = Period.parse("2021-08")
HOUR_US = 3_600_000_000
WINDOW_US = 5 * 24 * HOUR_US
STATUSES = ("new", "assigned", "in_progress", "pending", "resolved", "closed", "reopened", "cancelled", "a word nobody knows")
REASONS = (None, "waiting_on_user", "waiting_on_supplier", "approved_suspension", "unheard of")
GROUPS = (None, "DSP", "CSPN", "Group 7/B")
EXCLUSIONS = (None, None, None, "duplicate", "problem")


def incident(draw: random.Random, name: str):
    """(log rows, snapshot rows) of one Incident, from a source of chance: random.Random, or Hypothesis behind the same words."""
    # Around the month's two edges, and inside it, by the hour; some to the microsecond.
    base = draw.choice([MONTH.start_at, MONTH.end_at, MONTH.start_at + 15 * 24 * HOUR_US]) + draw.randint(-150, 20) * HOUR_US
    log, at = [], base
    for line in range(draw.choice([0, 0, 2, 4, 6, 9])):
        at += draw.choice([0, 0, 1, HOUR_US, 3 * HOUR_US, 24 * HOUR_US, WINDOW_US, WINDOW_US + 1])
        log.append(
            {
                "incident_id": name,
                "changed_at": at + draw.choice([0, 0, 0, -HOUR_US]),
                "sequence": draw.choice([None, None, 1, 2]),
                "status": draw.choice(STATUSES),
                "pending_reason": draw.choice(REASONS),
                "category": draw.choice([None, None, 1, 2, 3, 4, 5]),
                "resolver_group": draw.choice(GROUPS),
                "responsible_party": draw.choice([None, None, "dcc", "user"]),
                "submitted_at": draw.choice([None, None, None, base, base - HOUR_US, at]),
                "reported_met": draw.choice([None, True, False]),
                "exclusion": draw.choice(EXCLUSIONS),
                "line": line + 2,
                "delivery_no": draw.choice([1, 1, 2]),
            }
        )
    # What was delivered twice.
    log += [{**row, "delivery_no": 3, "line": row["line"] + 100} for row in log if draw.randint(0, 4) == 0]
    snapshots = [snapshot(draw, name, base, line) for line in range(draw.choice([0, 1, 1, 2]))]
    return log, snapshots


def snapshot(draw: random.Random, name: str, base: int, line: int):
    resolved_at = draw.choice([None, base + HOUR_US, base + 24 * HOUR_US])
    return {
        "incident_id": name,
        "extracted_at": draw.choice([None, base + 100 * HOUR_US, base + 200 * HOUR_US]),
        "submitted_at": base - draw.choice([0, HOUR_US]),
        "category": draw.choice([None, 1, 2, 3]),
        "resolver_group": draw.choice(GROUPS),
        "responsible_party": draw.choice([None, "dcc", "user"]),
        "status": draw.choice((*STATUSES, "closed", "resolved")),
        "resolved_at": resolved_at,
        "closed_at": draw.choice([None, None, base + 30 * HOUR_US]),
        "reported_met": draw.choice([None, True, False]),
        "exclusion": draw.choice(EXCLUSIONS),
        "line": line + 2,
        "delivery_no": draw.choice([1, 2]),
    }


def month(draw: random.Random, incidents: int):
    """(log, snapshots) of many Incidents."""
    parts = [incident(draw, f"INC{number:05d}") for number in range(incidents)]
    return [row for log, _ in parts for row in log], [row for _, snapshots in parts for row in snapshots]
