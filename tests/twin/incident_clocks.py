"""Incidents and their clocks, slowly: one Incident at a time, one change at a time, in plain Python (domain.md 3.3)."""

from collections import defaultdict
from itertools import pairwise

DAY_US = 86_400_000_000
OVER = ("resolved", "closed", "cancelled")


def incident_clocks(log, snapshots, *, targets, stops, reopen_window_us, start_at, end_at, as_at):
    """Rows as dicts, one for each Incident episode and clock. `targets` is {(category, clock): µs}; the rest as the journey reads it."""
    changes = defaultdict(list)
    for row in undoubled(row for row in log if row["changed_at"] <= as_at):
        changes[row["incident_id"]].append(row)
    snapshot = {}
    for row in sorted(snapshots, key=lambda row: (row["extracted_at"] or 0, row["delivery_no"], row["line"])):
        if row["extracted_at"] is None or row["extracted_at"] <= as_at:
            snapshot[row["incident_id"]] = row
    found = []
    for incident in sorted({*changes, *snapshot}):
        rules = {"stops": stops, "window": reopen_window_us, "start_at": start_at, "end_at": end_at, "as_at": as_at}
        for row in one_incident(changes.get(incident, []), snapshot.get(incident), **rules):
            target = targets.get((row["category"], row["clock"]))
            row["target_us"] = target
            row["is_met"] = row["ended_at"] is not None and target is not None and row["span_us"] <= target
            row["is_breached_open"] = row["state"] == "open" and target is not None and row["span_us"] > target
            found.append({"incident_id": incident, **row})
    return found


def undoubled(rows):
    kept = {}
    for row in sorted(rows, key=lambda row: (row["delivery_no"], row["line"])):
        key = ("incident_id", "changed_at", "sequence", "status", "pending_reason", "category", "resolver_group")
        kept[tuple(row[name] for name in key)] = row
    return kept.values()


def one_incident(changes, header, *, stops, window, start_at, end_at, as_at):
    is_logged = bool(changes)
    if not is_logged:
        changes = from_snapshot(header)
    changes = sorted(changes, key=lambda row: (row["changed_at"], row["sequence"] or 0, row["delivery_no"], row["line"]))
    looked_at = min(end_at, as_at)
    for number, (first, last) in enumerate(episodes(changes, window), start=1):
        own = changes[first : last + 1]
        resolved_at, owner = resolution(own)
        submitted_at = own[0]["changed_at"]
        if number == 1:
            told = [row["submitted_at"] for row in own if row["submitted_at"] is not None]
            submitted_at = min(told) if told else header["submitted_at"] if header else submitted_at
        if resolved_at is not None and resolved_at < start_at:
            continue
        is_resolved = resolved_at is not None and resolved_at < end_at
        if not is_resolved and submitted_at >= looked_at:
            continue
        until_at = resolved_at if is_resolved else looked_at
        known = changes[: last + 1] if is_resolved else [row for row in changes[: last + 1] if row["changed_at"] < looked_at]
        known_own = known[first:]
        owners = changes[: first + owner + 1] if is_resolved else known
        common = facts(known, owners, header, changes[:first], known_own)
        common |= {
            "episode": number,
            "state": "resolved" if is_resolved else "open",
            "submitted_at": submitted_at,
            "began_at": until_at if is_resolved else until_at - 1,
        }
        common["day"] = common["began_at"] // DAY_US
        responded = [row["changed_at"] for row in known_own if row["status"] not in ("new", "reopened")] if is_logged else []
        stopped = 0
        for row, following in zip(known_own, [*changes[first + 1 : last + 2], None], strict=False):
            if (row["status"] == "pending" and row["pending_reason"] in stops) or row["status"] in OVER:
                begins = max(row["changed_at"], submitted_at)
                ends = until_at if following is None else min(following["changed_at"], until_at)
                stopped += max(ends - begins, 0)
        is_untold = not is_logged and header["status"] in OVER and header["resolved_at"] is None and header["closed_at"] is None
        untold = "no_resolution_time" if is_untold else ""
        yield clock("initial_response", common, responded[0] if responded else None, until_at, unknown="" if is_logged else "no_log")
        yield clock(
            "resolution",
            common,
            resolved_at if is_resolved else None,
            until_at,
            paused_us=stopped,
            unknown="no_resolution_time" if untold else "",
        )


def from_snapshot(header):
    nothing = {"category": None, "resolver_group": None, "responsible_party": None, "reported_met": None, "exclusion": None}
    told = {**nothing, "pending_reason": None, "submitted_at": header["submitted_at"], "delivery_no": 1, "line": 1}
    changes = [{**told, "status": "new", "changed_at": header["submitted_at"], "sequence": -1}]
    resolved_at = header["closed_at"] if header["resolved_at"] is None else header["resolved_at"]
    if header["status"] in OVER and resolved_at is not None:
        changes.append({**told, "status": header["status"], "changed_at": resolved_at, "sequence": 0})
    return changes


def episodes(changes, window):
    """(first, last) places of each episode: a re-opening later than the window after the resolution begins another."""
    first, over_since = 0, None
    for place, row in enumerate(changes):
        if row["status"] in OVER:
            over_since = row["changed_at"] if over_since is None else over_since
        else:
            if over_since is not None and row["changed_at"] - over_since > window:
                yield first, place - 1
                first = place
            over_since = None
    yield first, len(changes) - 1


def resolution(own):
    """When the episode was last resolved and the place of that change; (None, …) where its last change is not a resolution."""
    if own[-1]["status"] not in OVER:
        return None, len(own) - 1
    place = len(own) - 1
    while place > 0 and own[place - 1]["status"] in OVER:
        place -= 1
    return own[place]["changed_at"], place


def facts(known, owners, header, earlier, known_own):
    def last(rows, name, otherwise):
        told = [row[name] for row in rows if row[name] is not None]
        if told:
            return told[-1]
        if header is not None and header[name] is not None:
            return header[name]
        return otherwise

    # The category held when the episode began comes first, so that a change made by the re-opening itself is seen as one.
    before = [row["category"] for row in earlier if row["category"] is not None][-1:]
    told = before + [row["category"] for row in known_own if row["category"] is not None]
    cancelled = "cancelled" if known and known[-1]["status"] == "cancelled" else ""
    return {
        "category": last(known, "category", 0),
        "first_category": told[0] if told and known_own else last([], "category", 0),
        "category_changes": sum(one != other for one, other in pairwise(told)),
        "resolver_group": last(owners, "resolver_group", "UNASSIGNED"),
        "responsible_party": last(known, "responsible_party", "dcc"),
        "exclusion": last(known, "exclusion", cancelled),
        "reported_met": last(known, "reported_met", None),
    }


def clock(name, common, ended_at, until_at, *, paused_us=0, unknown=""):
    elapsed_us = (until_at if ended_at is None else ended_at) - common["submitted_at"]
    span_us = elapsed_us - paused_us
    set_aside = unknown or ("negative_span" if span_us < 0 else "")
    return {
        **common,
        "clock": name,
        "ended_at": ended_at,
        "elapsed_us": elapsed_us,
        "paused_us": paused_us,
        "span_us": span_us,
        "set_aside": set_aside,
    }
