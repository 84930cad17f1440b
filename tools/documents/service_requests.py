"""docs/methodology/service_requests.md: flows and outcomes as the ladders of questions that decide them, and every attribute."""

from collections.abc import Sequence
from datetime import date

from tools.documents.page import code, codes, page, spoken, table

from tocsin.journeys import service_request_flows as flows
from tocsin.journeys import service_request_outcomes as outcomes
from tocsin.journeys.questions import Question
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.journey import Journey
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.settings import settings

LIMITS = ("timeout_grace", "clock_skew_tolerance", "lookback")


def service_requests() -> str:
    return page(
        SERVICE_REQUESTS.title,
        f"Source: {SERVICE_REQUESTS.source}.",
        "## Which flow",
        "Asked from the top; the first yes decides. What is not known is not a yes.",
        _ladder(flows.FLOW_LADDER, flows.OTHERWISE),
        "## What became of it",
        f"Exactly one of {codes(outcomes.OUTCOMES)}. Asked from the top; the first yes decides.",
        _ladder(outcomes.OUTCOME_LADDER, outcomes.OTHERWISE),
        "Of answers of one instant the worst is believed: "
        + ", then ".join(f"{code(verdict)} ({number})" for number, verdict in enumerate(outcomes.VERDICTS))
        + ", so that nothing is flattered.",
        "## Target Response Times",
        table(("SRV", "flow", "target", "since", "status", "source"), _targets()),
        "## Limits",
        table(("limit", "value", "in words", "since", "status"), _limits()),
        attributes_and_remarks(SERVICE_REQUESTS),
    )


def attributes_and_remarks(journey: Journey) -> str:
    """What one row of a journey says, when it is set aside, and what data quality remarks on."""
    splits = {*journey.splits}
    rows = [(code(a.name), code(a.stored_as), "yes" if a.name in splits else "", a.sentence) for a in journey.attributes]
    blocks = [
        "## What a row says",
        table(("attribute", "stored as", "split by", "meaning"), rows),
        f"A row is set aside, counted in data quality and seen by no measure, where {code(journey.set_aside)}.",
    ]
    if journey.span is not None:
        blocks.append(f"Percentiles are those of {code(journey.span)}, over the rows where {code(journey.span_counts)}.")
    if journey.remarks:
        remarks = [(spoken(name), sentence, code(predicate)) for name, sentence, predicate in journey.remarks]
        blocks += ["## What data quality remarks on", table(("remark", "in words", "as asked"), remarks)]
    return "\n\n".join(blocks)


def _ladder(ladder: Sequence[Question], otherwise: str) -> str:
    rows = [(place, q.sentence, code(q.answer), code(q.predicate)) for place, q in enumerate(ladder, 1)]
    return table(("", "question", "if yes", "as asked"), [*rows, (len(ladder) + 1, "Every answer is no.", code(otherwise), "")])


def _targets() -> list[tuple[str, ...]]:
    return [
        (row.cells["srv"].replace("*", "any"), code(row.cells["flow"]), _span(row.cells["target_us"]), row.cells["since"],
         row.cells["status"], row.cells["source"])
        for row in DatedTable.load("target_response_times").rows()
    ]  # fmt: skip


def _span(microseconds: str) -> str:
    if not microseconds:
        return "none"
    seconds, rest = divmod(int(microseconds), 1_000_000)
    if rest:
        return f"{microseconds} µs"
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds} s"


def _limits() -> list[tuple[str, ...]]:
    known = settings(date.max)
    return [
        (code(name), f"{known[name].value} {known[name].unit}", known[name].sentence, str(known[name].since_on), known[name].status)
        for name in LIMITS
    ]
