"""docs/methodology/business_processes.md: what each Business Process holds, and the dated map of Service Request Variants."""

from tools.documents.page import code, codes, page, table

from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, RUNG_US
from tocsin.processes import all_processes
from tocsin.processes.business_process import BusinessProcess
from tocsin.processes.indicators import INDICATORS
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.service_requests import variants


def business_processes() -> str:
    return page(
        "Business Processes",
        "## Indicators",
        table(("asked for as", "indicator", "unit", "counted", "met"), _indicators()),
        f"Percentiles are nearest rank, at {', '.join(str(p) for p in PUBLISHED_PER_MILLE)} per mille, on rungs of "
        f"{RUNG_US // 1000} ms: the least Round Trip Time that so many of a thousand do not exceed, rounded down to the rung.",
        *(_process(process) for process in all_processes().values()),
    )


def _indicators() -> list[tuple[str, ...]]:
    return [
        (code(word), i.title, i.unit, f"{i.counted.sentence} {code(i.counted.predicate)}",
         f"{i.met.sentence} {code(i.met.predicate)}" if i.met else "")
        for word, declared in INDICATORS.items() for i in declared
    ]  # fmt: skip


def _process(process: BusinessProcess) -> str:
    split = f" Split by {codes(' and '.join(split) for split in process.splits)}." if process.splits else ""
    needs = f" Needs the feeds {codes(process.feeds)}." if process.feeds else ""
    blocks = [
        f"## {process.title}",
        f"{process.sentence} Code {process.code}. Indicators: {codes(process.indicators)}.{split}{needs}",
    ]
    if mapped := _mapped(process.code):
        blocks.append(table(("SRV", "name", "strength", "since", "status"), mapped))
    return "\n\n".join(blocks)


def _mapped(process: str) -> list[tuple[str, ...]]:
    named = variants()
    rows = [row.cells for row in DatedTable.load("business_processes").rows() if row.cells["process"] == process]
    rows.sort(key=lambda cells: (_by_number(cells["srv"]), cells["since"]))
    return [(c["srv"], named[c["srv"]].name if c["srv"] in named else "", c["strength"], c["since"], c["status"]) for c in rows]


def _by_number(srv: str) -> list[int]:
    return [int(part) for part in srv.split(".") if part.isdigit()]
