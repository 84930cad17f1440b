"""docs/feeds/: the contract of each feed, for the people who send it: columns, checks, when it is due, an example, a Shape."""

from pathlib import Path

from tools.documents.page import code, codes, page, spoken, table

from tocsin.deliveries.known_words import known_words
from tocsin.engines.row_sql import RowSql
from tocsin.engines.settling import REMARKS, STRUCTURE
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import Column, Due, Feed, Kind
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.dated import LATEST

# A word list longer than this is named by its table: 129 Service Request Variants make no readable cell.
MOST_WORDS = 20
PATTERNS = {"quarter_hour": "{quarter_hour:%Y%m%dT%H%M}", "day": "{day:%Y%m%d}", "month": "{month:%Y%m}", "occasion": "*"}
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "feeds" / "examples"
# The time that the example files cover, as the patterns above write it.
EXAMPLE_TIMES = {"quarter_hour": "20210901T0800", "day": "20210901", "month": "202109", "occasion": "ALL"}
READ = {
    Kind.TEXT: "any text, without the blanks around it",
    Kind.CODE: "a word; one that is not known is kept and counted",
    Kind.WHOLE: "digits, with a sign where it has one: no point, comma or blank between them",
    Kind.FLAG: "yes, y, true, t or 1; no, n, false, f or 0; in either case, and as the Shape says",
    Kind.INSTANT: "an ISO stamp with its offset, as 2021-09-01T08:00:00.410Z, or as the Shape says; kept as microseconds since 1970, UTC",
    Kind.IDENTIFIER: "any text; upper and lower case are one, and its 63-bit key is kept "
    "([decision 1](../decisions/0001-identifiers-are-stored-as-63-bit-keys.md))",
}
COVERED = {
    "quarter_hour": "one quarter-hour, whose start the file's name tells",
    "day": "one day, which the file's name tells",
    "month": "one month, which the file's name tells",
    "occasion": "no time of its own: it is sent when there is something new to tell, and the latest of each layout stands",
}
# Of a feed sent on an occasion, where its file's name tells a day.
DATED = "it holds from that day: of a month the newest that begins before its end stands, whenever an older one comes"
DATED_BY_ROW = "its rows say since when they hold: of a month the files of its days stand beside each other, and the newest of before them"


def feeds() -> dict[str, str]:
    """File name to page."""
    return {"README.md": _contents(), **{f"{name}.md": _feed(feed) for name, feed in all_feeds().items()}}


def due_words(due: Due) -> str:
    if due.working_day is not None:
        return f"Working Day {due.working_day} after the month it covers"
    hours = "hour" if due.hours_after == 1 else "hours"
    return f"{due.hours_after} {hours} after the time it covers" if due.hours_after is not None else "no time is set"


def example_name(feed: Feed) -> str:
    """The name of the feed's example file, as the Shape offered on its page recognises it."""
    return f"SENDER_{feed.code}_{EXAMPLE_TIMES[feed.every]}.csv"


def words_known(column: Column) -> tuple[str, ...]:
    """Every word by which a code is known: by its declaration, else by the vocabulary."""
    return column.known or tuple(sorted(known_words(LATEST).get(column.name, ()))) if column.kind is Kind.CODE else ()


def plain_shape(feed: Feed) -> str:
    """A Shape, as TOML, of a file whose columns are called as the feed's."""
    kept = [column for column in feed.columns if not column.may_be_empty]
    optional = [column for column in feed.columns if column.may_be_empty]
    return "\n".join(
        [
            f'feed = "{feed.name}"',
            'sender = "SENDER"',
            f'pattern = "SENDER_{feed.code}_{PATTERNS[feed.every]}.csv*"',
            "",
            "[columns]",
            *(f'{column.name} = "{column.name}"' for column in kept),
            *(f'# {column.name} = "{column.name}"' for column in optional),
        ]
    )


def _contents() -> str:
    rows = [
        (
            f"[{feed.title}]({name}.md)", code(name), feed.code, spoken(feed.every), due_words(feed.due),
            f"[{example_name(feed)}](examples/{example_name(feed)})", f"[{name}.odcs.yaml]({name}.odcs.yaml)",
        )
        for name, feed in all_feeds().items()
    ]  # fmt: skip
    return page(
        "Feeds",
        table(("feed", "name", "code", "every", "due", "example", "data contract"), rows),
        "A data contract is the same in the [Open Data Contract Standard](https://github.com/bitol-io/open-data-contract-standard), for "
        "catalogues and other tools.",
        "A file is taken in when a Shape of the workspace, `shapes/NAME.toml`, says how its layout maps onto a feed. Each page below ends "
        "with a Shape to start from. All that a Shape may say, with layouts worked through: [Shapes](../shapes.md).",
        "## How a cell is read",
        table(("kind", "what its cell may hold", "stored as"), [(kind.value, READ[kind], _stored(kind)) for kind in Kind]),
    )


def _stored(kind: Kind) -> str:
    return code(Column("any", kind, "").stored_as)


def _feed(feed: Feed) -> str:
    return page(
        feed.title,
        f"Feed {code(feed.name)}, code {feed.code}. Source: {feed.source}.",
        f"Sent every {spoken(feed.every)}; due {due_words(feed.due)} ({feed.due.status}). The same as a data contract: "
        f"[{feed.name}.odcs.yaml]({feed.name}.odcs.yaml).",
        "## When it is sent, and what stands",
        _rhythm(feed),
        "## Columns",
        table(("column", "kind", "required", "meaning", "empty means", "words known"), [_column(column) for column in feed.columns]),
        "An unknown word is kept and counted, never refused. Names and ids marked personal are never published.",
        "## Which rows are the same row",
        _key(feed),
        "## What refuses a row",
        table(("check", "the row is refused where"), _refusals(feed)),
        "## What is counted as a finding, and refuses nothing",
        table(("finding", "what it counts"), [(code(f"{feed.code}-{mark}"), sentence) for mark, sentence in _remarks(feed)]),
        "## An example file",
        f"[{example_name(feed)}](examples/{example_name(feed)}), as the Shape below reads it:",
        f"```csv\n{(EXAMPLES / example_name(feed)).read_text(encoding='utf-8')}```",
        "## A Shape to start from",
        f"```toml\n{plain_shape(feed)}\n```",
    )


def _rhythm(feed: Feed) -> str:
    told = [f"* A file covers {COVERED[feed.every]}."]
    if feed.every == "occasion":
        told += [f"* Where the file's name tells a day: {DATED_BY_ROW if feed.is_dated_by_row else DATED}."]
    else:
        told += [
            f"* It is on time when it was received before the deadline: {due_words(feed.due)}. After that it is late, and until it comes "
            "it is missing. Nobody owes it whom `workspace.toml` does not name under `[[expected]]`.",
            "* A file with a header line and no row says that nothing happened. That is another thing than no file. Of a "
            "file whose rows were all refused, what it covers is missing.",
        ]
    return "\n".join(
        [
            *told,
            "* It may be sent again: of the files that cover the same time a final stands before an initial, and then the one received "
            "last. What was received before is kept.",
        ]
    )


def _column(column: Column) -> tuple[str, ...]:
    meaning = f"{column.meaning} Personal." if column.personal else column.meaning
    if column.fold is not None:
        meaning += f" Stored in {column.fold} case: the same id in either."
    required = "" if column.may_be_empty else "yes"
    return code(column.name), column.kind.value, required, meaning, column.empty_means, _words(column)


def _words(column: Column) -> str:
    words = words_known(column)
    return codes(words) if len(words) <= MOST_WORDS else f"{len(words)} words of the vocabulary"


def _key(feed: Feed) -> str:
    told = f"Rows that have {codes(feed.key)} alike are one row told twice: the earliest of a file is kept, the others are counted."
    if feed.key_when_empty is not None:
        name, of = feed.key_when_empty
        told += f" A row without {code(name)} has {codes(of)} in its place."
    return told


def _refusals(feed: Feed) -> list[tuple[str, str]]:
    shape = Shape.model_validate(
        {
            "name": "all",
            "where": "all",
            "feed": feed.name,
            "sender": "all",
            "pattern": "*",
            "columns": {c.name: c.name for c in feed.columns},
        }
    )
    structure = [(f"{feed.code}-{mark}", sentence) for mark, sentence in STRUCTURE.items()]
    own = {check.id: f"it does not hold that {check.sentence} ({code(check.holds)})" for check in feed.checks}
    built_in = [(fault.check_id, fault.sentence) for fault in RowSql(feed, shape, tuple(c.name for c in feed.columns), 0).faults]
    return [(code(check_id), own.get(check_id, sentence)) for check_id, sentence in (*structure, *built_in)]


def _remarks(feed: Feed) -> list[tuple[str, str]]:
    """A remark on a column stands for every column of its kind."""
    remarks = {mark: sentence for mark, sentence in REMARKS.items() if mark != "OUTSIDE" or feed.stamped_within}
    return [(mark + (":COLUMN" if "{column}" in sentence else ""), _filled(feed, sentence)) for mark, sentence in remarks.items()]


def _filled(feed: Feed, sentence: str) -> str:
    return sentence.format(column="COLUMN", key=", ".join(feed.key), words="the first few of them")
