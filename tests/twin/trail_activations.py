"""Firmware activations in the audit trail, judged a second time in plain Python, one request at a time (domain.md 8.3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

FIVE_DAYS_US = 5 * 86_400_000_000
SKEW_US = 2_000_000
YEAR_3000_US = 32_503_680_000_000_000
REFUSALS = {"E1"}
SUCCESSES = {"I0", "8F66"}

Row = Mapping[str, Any]


def judged(
    rows: Iterable[Row], versions: Iterable[tuple[int, int, str]], start_at: int, end_at: int, as_at: int
) -> dict[int, tuple[Any, ...]]:
    """Request key to (outcome, round trip, why set aside). `versions`: device, from when, firmware version."""
    told: dict[int, list[Row]] = defaultdict(list)
    reads: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row["srv"] == "11.3":
            told[row["request_id"]].append(row)
        elif row["message_class"] == "response" and row["response_code"] in SUCCESSES:
            reads[row["device_id"]].append(row["observed_at"])
    asked = [one for request, of in told.items() if (one := _asked(request, of)) is not None]
    calls_off = [one for one in asked if (one["execution_at"] or 0) >= YEAR_3000_US and one["first_answer"] in SUCCESSES]
    activations = [one for one in asked if (one["execution_at"] or 0) < YEAR_3000_US]
    signs: dict[int, list[int]] = defaultdict(list)
    for one in activations:
        if one["answered_at"] is not None:
            signs[one["device"]].append(one["answered_at"])
    held: dict[int, str] = {}
    for device, at, version in sorted(versions):
        if held.setdefault(device, version) != version:
            signs[device].append(at)
        held[device] = version
    found = {}
    for one in activations:
        began_at = one["first_at"] if one["requested_at"] is None else one["requested_at"]
        if start_at <= began_at < end_at:
            found[one["request"]] = _outcome(one, signs[one["device"]], reads[one["device"]], calls_off, as_at)
    return found


def _asked(request: int, rows: list[Row]) -> dict[str, Any] | None:
    receipts = [(row["observed_at"], row["command_variant"] or 0) for row in rows if row["time_point"] == "RX_DSP"]
    signed = min((one for one in receipts if one[1] in {5, 6, 7}), default=None)
    received = min((one for one in receipts if one[1] not in {5, 6, 7}), default=None)
    chosen = signed or received
    if chosen is not None and chosen[1] in {2, 4, 6}:
        return None
    execution_at = min((row["execution_at"] for row in rows if row["execution_at"] is not None), default=None)
    answers = [(row["observed_at"], row["response_code"]) for row in rows if row["message_class"] in {"response", "reject"}]
    reports = [(row["observed_at"], row["response_code"]) for row in rows if row["message_class"] == "fd_outcome"]
    bad_answers, bad_reports = ([one for one in of if one[1] not in SUCCESSES] for of in (answers, reports))
    failures = bad_answers if execution_at is None else bad_reports or bad_answers
    final = [one for one in answers if one not in bad_answers] if execution_at is None else [] if bad_reports else reports
    requested_at = None if chosen is None else chosen[0]
    return {
        "request": request,
        "device": rows[0]["device_id"],
        "user": rows[0]["user_id"],
        "first_at": min(row["observed_at"] for row in rows),
        "requested_at": requested_at,
        "started_at": max((at for at in (requested_at, execution_at) if at is not None), default=None),
        "execution_at": execution_at,
        "first_answer": min(answers)[1] if answers else None,
        "answered_at": min(final)[0] if final else None,
        "failed_as": min(failures)[1] if failures else None,
    }


def _outcome(one: Mapping[str, Any], signs: list[int], reads: list[int], calls_off: list[dict[str, Any]], as_at: int) -> tuple[Any, ...]:
    requested_at, answered_at = one["requested_at"], one["answered_at"]
    if requested_at is None:
        return None, None, "no_request"
    limit_at = one["started_at"] + FIVE_DAYS_US
    span, aside = None, "negative_span" if answered_at is not None and answered_at <= requested_at - SKEW_US else ""
    is_off = one["execution_at"] is not None and any(
        (off["device"], off["user"]) == (one["device"], one["user"]) and requested_at <= off["requested_at"] < one["execution_at"]
        for off in calls_off
    )
    if answered_at is not None:
        outcome = "activated"
        span = answered_at - one["started_at"] if answered_at >= one["started_at"] else None
    elif one["failed_as"] in REFUSALS:
        outcome = "refused"
    elif any(requested_at < at <= limit_at for at in signs):
        outcome = "confirmed"
    elif one["failed_as"] is not None:
        outcome = "failed"
    elif is_off:
        outcome = "withdrawn"
    elif as_at <= limit_at:
        outcome = "open"
    else:
        outcome = "version_unknown" if any(requested_at < at <= limit_at for at in reads) else "no_answer"
    return (None, None, aside) if aside else (outcome, span, "")
