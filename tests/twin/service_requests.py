"""The service-request journey once more, slow and obvious: one request at a time, a list of rows, no SQL (domain.md 6.2 and 6.4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.devices import generation_of, region_of
from tocsin.vocabulary.response_codes import response_codes
from tocsin.vocabulary.service_requests import variant as variant_of
from tocsin.vocabulary.settings import setting
from tocsin.vocabulary.target_times import grace_us, target_response_us

Row = Mapping[str, Any]

DAY = 86_400_000_000
YEAR_3000 = parse_instant("3000-01-01T00:00:00Z")
WORST_FIRST = ("user_reject", "dcc_fail", "device_fail", "success")
POINTS_OF_INTEREST = ("RX_DSP", "ACK_TX", "TX_CSP", "RX_DSP_UP", "TX_USER")


class Twin:
    """What the journey must give for these rows, this period and this as-at; dated facts are those in force on a day."""

    def __init__(self, trail: Sequence[Row], inventory: Sequence[Row], parties: Sequence[Row], on: date):
        self.inventory, self.parties, self.on = inventory, parties, on
        self.trail = [{**row, "srv": row["srv"] or self.told_srv(trail, row["request_id"])} for row in trail]
        self.codes = response_codes(on)
        self.skew = setting("clock_skew_tolerance", on).us
        self.longest = setting("lookback", on).us

    def happenings(self, start_at: int, end_at: int, as_at: int) -> list[dict[str, Any]]:
        withdrawn_by = self.withdrawn_by(end_at, as_at)
        found = []
        for key, request in self.requests(self.considered(start_at, end_at), as_at).items():
            for happening in request.parts(is_withdrawn=key in withdrawn_by):
                if happening["flow"] == "cancellation":
                    happening["withdrawn_count"] = sum(cancellation == key for cancellation in withdrawn_by.values())
                if start_at <= happening["began_at"] < end_at:
                    found.append(happening)
        return found

    def requests(self, rows: Iterable[Row], as_at: int) -> dict[tuple[int, int | None], "Request"]:
        """Requests by request and device of their own."""
        by_request = defaultdict(list)
        for row in rows:
            by_request[row["request_id"], self.own_device(row)].append(row)
        return {key: Request(self, key[0], of_it, as_at) for key, of_it in by_request.items()}

    def withdrawn_by(self, end_at: int, as_at: int) -> dict[tuple[int, int | None], tuple[int, int | None]]:
        """Every future-dated request that was withdrawn, and the cancellation that did it: the first of its kind after it."""
        seen = [row for row in self.trail if row["time_point"] in POINTS_OF_INTEREST and row["observed_at"] < end_at + 70 * DAY]
        every = self.requests(seen, as_at)
        by_kind = defaultdict(list)
        for key, request in every.items():
            kind = (request.least("user_id"), request.dated_device(), request.srv)
            if None not in kind and request.srv != "UNKNOWN" and request.receipt_at is not None:
                by_kind[kind].append((key, request))
        found = {}
        for alike in by_kind.values():
            cancellations = [(r.receipt_at, key[0], key[1] or 0, key) for key, r in alike if r.cancels()]
            for key, request in alike:
                later = [cancellation for cancellation in cancellations if cancellation[0] > request.receipt_at]
                if request.is_owed_an_outcome() and later and min(later)[0] < request.execution_at:
                    found[key] = min(later)[-1]
        return found

    def told_srv(self, trail: Sequence[Row], request: int) -> str:
        """The SRV of a request for its rows that do not tell it."""
        return min((row["srv"] for row in trail if row["request_id"] == request and row["srv"] is not None), default="UNKNOWN")

    def own_device(self, row: Row) -> int | None:
        """The device that is part of the request's key: none where the DCC itself answers."""
        fact = variant_of(row["srv"], self.on)
        is_in_dcc = fact is None or fact.is_non_device
        return None if is_in_dcc else row["device_id"]

    def considered(self, start_at: int, end_at: int) -> Iterable[Row]:
        first, last = start_at - 35 * DAY, end_at + 70 * DAY
        due = {
            row["request_id"]
            for row in self.trail
            if row["observed_at"] < first and row["execution_at"] is not None and start_at <= row["execution_at"] < end_at
        }
        for row in self.trail:
            if row["time_point"] not in POINTS_OF_INTEREST or row["observed_at"] >= last:
                continue
            if row["observed_at"] >= first or row["request_id"] in due:
                yield row

    def verdict(self, row: Row) -> str:
        """What one answer says."""
        code, told = row["response_code"], row["device_result"]
        says = self.codes[code].outcome if code in self.codes else None
        if row["message_class"] == "failure_alert":
            return "dcc_fail"
        if code in ("8F66", "8F67"):
            says = "success" if code == "8F66" else "device_fail"
        if says in ("user_reject", "dcc_fail", "device_fail"):
            return says
        if row["message_class"] == "reject":
            return "user_reject"
        if told in ("failed", "partial"):
            return "device_fail"
        if says in ("success", "accepted") or (says is None and (code or "")[:1] in ("I", "W") and code):
            return "success"
        if says is None and told == "ok" and not (code or "").startswith("E"):
            return "success"
        return "dcc_fail"

    def code_number(self, code: str | None) -> int:
        """Order of codes among answers of one instant and verdict: none, the listed ones by their text, the unlisted."""
        if code is None:
            return 0
        listed = sorted([*self.codes, "8F66", "8F67"])
        return listed.index(code) + 1 if code in listed else 511

    def party(self, user: str | None) -> str:
        if user is None:
            return "UNKNOWN"
        rows = [row for row in self.parties if row["user_id"] == user]
        return max(rows, key=lambda row: (row["delivery_no"], row["sec_party"]))["sec_party"] if rows else f"user:{user}"

    def device(self, device: int | None, at: int) -> Row:
        rows = [row for row in self.inventory if row["device_id"] == device and (row["valid_from"] or 0) <= at]
        return max(rows, key=lambda row: (row["valid_from"] or 0, row["delivery_no"], row["line"])) if rows else {}


class Request:
    """All rows of one request on one device."""

    def __init__(self, twin: Twin, request: int, rows: Sequence[Row], as_at: int):
        self.twin, self.request, self.rows, self.as_at = twin, request, rows, as_at
        self.device = self.least("device_id")
        self.places: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.places[self.place(row)].append(row)
        self.srv = self.least("srv")
        self.fact = variant_of(self.srv, twin.on)
        self.received_at = self.first("received")
        self.signed_at = self.first("signed")
        self.receipt_at = self.signed_at if self.signed_at is not None else self.received_at
        self.variant = self.variant_at("signed") if self.signed_at is not None else self.variant_at("received")
        self.execution_at = self.least("execution_at")
        self.scheduled_at = self.least("scheduled_at")
        self.answer = self.earliest_answer(self.places["answer"])
        self.flow = self.recognise()

    # What the rows are

    def place(self, row: Row) -> str:
        point, kind = row["time_point"], row["message_class"]
        to_user = point in ("TX_USER", "ACK_TX")
        if point == "RX_DSP" and kind == "request":
            return "signed" if row["command_variant"] in (5, 6, 7) else "received"
        if point == "TX_USER" and kind == "precommand":
            return "precommand"
        if point == "TX_CSP" and kind == "request":
            return "command"
        if point == "RX_DSP_UP" and kind in ("response", "scheduled"):
            return "returned"
        if point == "TX_USER" and kind == "fd_outcome":
            return "outcome"
        if point == "TX_USER" and kind == "local":
            return "local"
        accepted = row["response_code"] in self.twin.codes and self.twin.codes[row["response_code"]].outcome == "accepted"
        if to_user and (kind == "ack" or (kind == "response" and accepted)):
            is_plain = row["response_code"] is None or self.twin.verdict(row) == "success"
            return "acked" if is_plain else "answer"
        if to_user and kind in ("response", "reject", "scheduled", "failure_alert"):
            return "answer"
        return "elsewhere"

    def first(self, place: str) -> int | None:
        return min((row["observed_at"] for row in self.places[place]), default=None)

    def least(self, column: str, rows: Sequence[Row] | None = None) -> Any:
        return min((row[column] for row in (self.rows if rows is None else rows) if row[column] is not None), default=None)

    def variant_at(self, place: str) -> int | None:
        rows = [row for row in self.places[place] if row["observed_at"] == self.first(place)]
        return min((row["command_variant"] or 0 for row in rows), default=None)

    def order(self, row: Row) -> tuple[int, int, int]:
        return row["observed_at"], WORST_FIRST.index(self.twin.verdict(row)), self.twin.code_number(row["response_code"])

    def earliest_answer(self, rows: Sequence[Row]) -> tuple[int, str, int] | None:
        """Instant, verdict and code number of the answer that decides: the earliest, at one instant the worst."""
        if not rows:
            return None
        at, verdict, code = min(self.order(row) for row in rows)
        return at, WORST_FIRST[verdict], code

    # Which flow it is

    def recognise(self) -> str:
        told = self.variant if self.variant not in (None, 9) else 0
        kind = self.fact.future_dated if self.fact else "none"
        if self.scheduled_at is not None:
            return "scheduled"
        if self.srv in ("11.1", "11.4"):
            return "firmware"
        if told == 8 or (told == 0 and self.fact is not None and self.fact.is_non_device):
            return "dcc_only"
        if self.variant_at("received") == 4 and self.signed_at is None and self.first("command") is None:
            return "transform_only"
        if told in (2, 6):
            return "local_only"
        if self.execution_at is not None and self.execution_at >= YEAR_3000:
            return "cancellation"
        reported = bool(self.places["outcome"])
        if self.execution_at is not None and (kind in ("device", "both") or (kind == "none" and reported)):
            return "future_device"
        if self.receipt_at is None and reported:
            return "future_device"
        if self.execution_at is not None:
            return "future_dsp"
        if self.signed_at is not None or self.variant_at("received") == 4:
            return "critical"
        return "critical" if told == 0 and self.fact is not None and self.fact.is_critical else "on_demand"

    def dated_device(self) -> int | None:
        """The device as the row names it that tells the execution time."""
        return self.least("device_id", [row for row in self.rows if row["execution_at"] is not None])

    def cancels(self) -> bool:
        return self.flow == "cancellation" and self.one(self.flow)["outcome"] == "success"

    def is_owed_an_outcome(self) -> bool:
        """Future-dated, set up where a device holds it, and nobody has told an outcome yet."""
        if self.flow == "future_dsp":
            return self.answer is None
        if self.flow != "future_device" or self.places["outcome"] or self.answer is None or self.answer[1] != "success":
            return False
        failed = [row["observed_at"] for row in self.places["answer"] if self.twin.verdict(row) != "success"]
        return not failed or min(failed) < self.execution_at

    def parts(self, is_withdrawn: bool) -> list[dict[str, Any]]:
        if self.flow != "future_device":
            return [] if is_withdrawn else [self.one(self.flow)]
        if is_withdrawn:
            return [self.one("future_device_set_up")]
        reports = self.places["outcome"]
        found = []
        if self.receipt_at is not None or not reports:
            found.append(self.one("future_device_set_up"))
        if reports or (self.answer is not None and self.answer[1] == "success"):
            is_both = self.fact is not None and self.fact.future_dated == "both"
            found.append(self.outcome_of_device("future_both" if is_both else "future_device_outcome"))
        return found

    # The parts

    def one(self, flow: str) -> dict[str, Any]:
        answer = self.answer
        if flow == "transform_only" and (at := self.first("precommand")) is not None:
            answer = min(filter(None, [answer, (at, "success", 0)]), key=lambda a: (a[0], WORST_FIRST.index(a[1]), a[2]))
        if flow == "local_only" and (at := self.first("local")) is not None:
            answer = min(filter(None, [answer, (at, "success", 0)]), key=lambda a: (a[0], WORST_FIRST.index(a[1]), a[2]))
        if flow in ("dcc_only", "firmware") and answer is None and self.places["acked"]:
            at = self.first("acked")
            answer = (at, "success", min(self.twin.code_number(r["response_code"]) for r in self.places["acked"] if r["observed_at"] == at))
        started_at = self.receipt_at
        if flow == "scheduled":
            started_at = self.scheduled_at
        is_refused = False
        if flow == "future_dsp":
            is_refused = answer is not None and answer[0] < self.execution_at and answer[1] in ("user_reject", "dcc_fail")
            is_refused = is_refused and self.receipt_at is not None
            if not is_refused:
                started_at = max(self.execution_at, self.receipt_at or 0)
        sign_lost = self.variant_at("received") == 4 and self.signed_at is None and self.first("command") is not None
        no_request = flow != "scheduled" and (self.receipt_at is None or sign_lost)
        happening = self.frame(flow, started_at, answer, no_request)
        legs = self.legs(flow, started_at, answer, is_refused)
        for name, leg in legs.items():
            is_planned = name == "dsp_in_us" and (flow == "scheduled" or (flow == "future_dsp" and not is_refused))
            happening[name] = leg if leg is None or leg >= 0 else None
            if leg is not None and leg < 0 and not is_planned:
                happening["skewed_legs"] += leg > -self.twin.skew
                if leg <= -self.twin.skew and happening["set_aside"] != "no_request":
                    happening["set_aside"] = "negative_span"
        if flow == "future_dsp" and not is_refused and self.receipt_at is not None:
            happening["held_us"] = started_at - self.receipt_at
        by_receipt = ("on_demand", "critical", "dcc_only", "firmware", "cancellation", "future_device_set_up")
        if flow in by_receipt and answer is not None and self.received_at is not None and answer[0] >= self.received_at:
            happening["user_journey_us"] = answer[0] - self.received_at
        happening["repeat_count"] = sum(
            len(rows) - 1 for place, rows in self.places.items() if rows and place not in ("elsewhere", "outcome")
        )
        return happening

    def legs(self, flow: str, started_at: int | None, answer: Any, is_refused: bool) -> dict[str, int | None]:
        first = self.first
        over_wan = flow in ("on_demand", "critical", "future_dsp", "future_device_set_up", "scheduled", "cancellation")
        by_device = answer is None or answer[1] in ("success", "device_fail")
        return {
            "transform_us": span(self.received_at, first("precommand")),
            "signing_us": span(first("precommand"), self.signed_at),
            "dsp_in_us": span(started_at, first("command")) if over_wan else None,
            "wan_us": span(first("command"), first("returned")) if over_wan and by_device else None,
            "dsp_out_us": span(first("returned"), answer[0] if answer else None) if over_wan and by_device else None,
            "local_us": span(self.receipt_at, first("local")),
        }

    def outcome_of_device(self, flow: str) -> dict[str, Any]:
        reports = defaultdict(list)
        for row in self.places["outcome"]:
            reports[row["instruction_no"] if row["instruction_no"] is not None else 1].append(row)
        firsts = [min(self.order(row) for row in rows) for rows in reports.values()]
        total = max((row["instruction_total"] for row in self.places["outcome"] if row["instruction_total"] is not None), default=1)
        answers = []
        if firsts and len(firsts) >= total:
            worst = min(first[1:] for first in firsts)
            answers.append((max(first[0] for first in firsts), *worst))
        failures = [self.order(row) for row in self.places["answer"] if self.twin.verdict(row) != "success"]
        was_set_up = self.answer is not None and self.answer[1] == "success"
        if was_set_up and failures and self.execution_at is not None and min(failures)[0] >= self.execution_at:
            answers.append(min(failures))
        answer = None
        if answers:
            at, verdict, code = min(answers)
            answer = (at, WORST_FIRST[verdict], code)
        known = [at for at in (self.execution_at, self.receipt_at) if at is not None]
        happening = self.frame(flow, max(known) if known else None, answer, self.receipt_at is None)
        happening["instruction_count"] = len(firsts)
        happening["repeat_count"] = len(self.places["outcome"]) - len(firsts)
        return happening

    def code(self, number: int) -> str | None:
        """The code of a number; of several unlisted ones the least, for they share one number."""
        answers = [row for place in ("acked", "answer", "outcome") for row in self.places[place]]
        return self.least("response_code", [row for row in answers if self.twin.code_number(row["response_code"]) == number])

    # What every part says

    def frame(self, flow: str, started_at: int | None, answer: Any, no_request: bool) -> dict[str, Any]:
        began_at = started_at if started_at is not None else min(row["observed_at"] for row in self.rows)
        target = self.target(flow)
        round_trip = None
        if answer is not None and not no_request and flow not in ("transform_only", "local_only"):
            round_trip = answer[0] - started_at
        set_aside = ""
        if no_request:
            set_aside = "no_request"
        elif round_trip is not None and round_trip < 0:
            set_aside = "negative_span"
        elif round_trip is not None and round_trip > self.twin.longest:
            set_aside = "over_35_days"
        return {
            "day": began_at // DAY,
            "began_at": began_at,
            "flow": flow,
            "srv": self.srv,
            "sec_party": self.twin.party(self.least("user_id")),
            **self.whereabouts(flow, began_at),
            "outcome": self.outcome(began_at + (target or 0) + grace_us(self.twin.on), answer),
            "response_code": None if answer is None or answer[2] == 0 else self.code(answer[2]),
            "round_trip_us": round_trip,
            "target_response_us": target,
            **dict.fromkeys(("transform_us", "signing_us", "held_us", "dsp_in_us", "wan_us", "dsp_out_us", "user_journey_us", "local_us")),
            "instruction_count": None,
            "repeat_count": 0,
            "withdrawn_count": None,
            "skewed_legs": 0,
            "set_aside": set_aside,
            "request_key": self.request,
            "device_key": self.device,
        }

    def outcome(self, waits_until: int, answer: Any) -> str:
        if answer is not None and answer[0] <= waits_until:
            return answer[1]
        return "open" if answer is None and self.as_at <= waits_until else "timeout"

    def target(self, flow: str) -> int | None:
        own = None
        if flow not in ("transform_only", "future_device_outcome", "future_both"):
            rows = [r for r in self.rows if r["command_variant"] != 4 and self.place(r) != "outcome"]
            own = self.least("target_us", rows)
        return own if own is not None else target_response_us(self.srv, flow, self.twin.on)

    def whereabouts(self, flow: str, at: int) -> dict[str, str]:
        in_dcc = flow in ("dcc_only", "firmware")
        listed = self.twin.device(self.device, at)
        only = self.fact.device_types[0] if self.fact and len(self.fact.device_types) == 1 else None
        told = sorted({row["service_provider"] for row in self.rows if row["service_provider"] is not None}, key=lambda p: (p == "DSP", p))
        word = listed.get("region") or self.least("region")
        region = "UNKNOWN"
        if word is not None:
            region = region_of(word, self.twin.on)
            region = "UNKNOWN" if word.casefold() == "unknown" else word if region == "unknown" else region
        generation = listed.get("generation") or (generation_of(region) if region in ("north", "central", "south", "smets1") else None)
        return {
            "device_type": "NONE" if in_dcc else listed.get("device_type") or self.least("device_type") or only or "UNKNOWN",
            "region": region,
            "generation": generation or "UNKNOWN",
            "service_provider": (None if in_dcc else listed.get("service_provider")) or (told[0] if told else "UNKNOWN"),
        }


def span(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else b - a
