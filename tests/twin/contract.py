"""The contract again, slow and plain: its own reader of delimited text, Python's datetime, one row at a time."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tocsin.feeds.feed import Feed, Kind, identifier_key
from tocsin.feeds.shape import EPOCHS, UNIT_US, Shape, Source, Span
from tocsin.vocabulary.calendar import instant, parse_instant
from tocsin.vocabulary.errors import BadDeclaration

DAY_US = 86_400_000_000
# The feeds' own checks again, in Python: true, false, or None where SQL would not know.
CHECKS = {
    "AT-01": lambda row: row["command_variant"] is None or 1 <= row["command_variant"] <= 9,
    "AT-02": lambda row: (
        None in (row["instruction_no"], row["instruction_total"]) or 1 <= row["instruction_no"] <= row["instruction_total"]
    ),
    "AT-03": lambda row: row["target_us"] is None or row["target_us"] >= 0,
    "AT-04": lambda row: row["schedule_id"] is None or row["message_class"] != "scheduled" or row["scheduled_at"] is not None,
    "IL-01": lambda row: row["category"] is None or 1 <= row["category"] <= 5,
}
OLDEST_AT = parse_instant("2000-01-01T00:00:00Z")


def contract(content: bytes, shape: Shape, feed: Feed, received_at: int) -> tuple[list[tuple], set[tuple], list[int]]:
    """(accepted rows as (line, *columns) in no order, refused as {(line, check id)}, lines of duplicates in order)."""
    text = content.decode(shape.encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in text.removesuffix("\n").split("\n")]
    names = shape.positions
    start = 0
    if shape.header:
        while not lines[start].strip():
            start += 1
        names = [cell.strip() for cell in fields(lines[start : start + 1], shape.delimiter)[0]]
        start += 1
    accepted, refused, duplicates, seen = [], set(), [], set()
    while start < len(lines):
        line = start + 1
        found = fields(lines[start : start + 100], shape.delimiter)
        if found is None:
            refused.add((line, f"{feed.code}-STRUCT-QUOTE"))
            start += 1
            continue
        cells, used = found
        start += used
        if cells == [""] and used == 1 and lines[line - 1] == "\n":
            continue
        if len(cells) != len(names):
            refused.add((line, f"{feed.code}-STRUCT-{'SHORT' if len(cells) < len(names) else 'LONG'}"))
            continue
        cleaned = {name: cell.strip() for name, cell in reversed(list(zip(names, cells, strict=True)))}
        given = {name: None if cell == "" or cell in shape.nulls else cell for name, cell in cleaned.items()}
        for conditions, sources in shape.parts():
            if not all(holds(given[when.column], when.is_) for when in conditions):
                continue
            row, wrong = typed(given, line, sources, shape=shape, feed=feed, received_at=received_at)
            if wrong:
                refused |= {(line, check if check in CHECKS else f"{feed.code}-{check}") for check in wrong}
                continue
            key = tuple(row[name] for name in feed.key)
            if key in seen:
                duplicates.append(line)
                continue
            seen.add(key)
            accepted.append((line, *(row[column.name] for column in feed.columns)))
    return accepted, refused, duplicates


def fields(lines: list[str], delimiter: str) -> tuple[list[str], int] | None:
    """The cells of the row that begins on the first line and the number of lines it takes; None when a quotation mark is not closed."""
    cells, cell, state = [], "", "start"
    for used, line in enumerate(lines, 1):
        for mark in line:
            if state == "quoted":
                if mark == '"':
                    state = "quote"
                else:
                    cell += mark
            elif mark == '"' and state in {"start", "quote"}:
                cell += '"' if state == "quote" else ""
                state = "quoted"
            elif mark == delimiter:
                cells.append(cell)
                cell, state = "", "start"
            elif mark == "\n":
                return [*cells, cell], used
            else:
                cell += mark
                state = "plain"
    return None


def holds(cell: str | None, expected: object) -> bool:
    if expected == "empty":
        return cell is None
    if expected == "not_empty":
        return cell is not None
    return cell in ((expected,) if isinstance(expected, str) else expected)


def text_of(source: Source, given: dict, line: int) -> str | None:
    if source.column is not None:
        text = given[source.column]
    elif source.constant is not None:
        text = source.constant.strip() or None
    elif source.line:
        text = str(line)
    else:
        parts = [text_of(part, given, line) for part in source.join]
        text = None if None in parts else source.with_.join(parts)
    if text is not None and source.pattern is not None:
        found = re.search(source.pattern, text)
        text = (found.group(1) or "").strip() or None if found else None
    if text is not None:
        text = source.values.get(text, text).strip() or None
    if text is not None and source.fold is not None:
        text = getattr(text, source.fold)()
    return source.when_empty.strip() if text is None and source.when_empty is not None else text


def typed(given: dict, line: int, sources: dict, *, shape: Shape, feed: Feed, received_at: int) -> tuple[dict, set[str]]:
    texts = {name: text_of(source, given, line) for name, source in sources.items()}
    row, wrong = {}, set()
    for column in feed.columns:
        text, value = texts.get(column.name), None
        if column.kind is Kind.INSTANT and column.name in sources:
            source = sources[column.name]
            signed = [*((span, 1) for span in source.plus), *((span, -1) for span in source.minus)]
            spans = [(str(span.whole) if span.column is None else given[span.column], span, sign) for span, sign in signed]
            if any(cell is None for cell, _, _ in spans):
                text = texts[column.name] = None
            if text is not None:
                lengths = [length(cell, span, sign) for cell, span, sign in spans]
                base = stamp(text, source)
                value = None if base is None or None in lengths else base + sum(lengths)
        elif text is not None:
            value = plain(text, column.kind, shape)
            value = getattr(value, column.fold)() if column.fold is not None else value
        row[column.name] = value
        if text is not None and value is None:
            wrong.add(f"TYPE:{column.name}")
        if column.kind is Kind.INSTANT and value is not None:
            if value < OLDEST_AT:
                wrong.add(f"PAST:{column.name}")
            if value > received_at + DAY_US and not column.far_future_allowed:
                wrong.add(f"FUTURE:{column.name}")
    if feed.key_when_empty:
        name, others = feed.key_when_empty
        pieces = [row[other] if feed.column(other).kind is Kind.INSTANT else texts.get(other) for other in others]
        if row[name] is None and None not in pieces:
            texts[name] = ":".join(str(piece) for piece in pieces)
            row[name] = identifier_key(texts[name])
    for column in feed.columns:
        if not column.may_be_empty and texts.get(column.name) is None:
            wrong.add(f"EMPTY:{column.name}")
    return row, wrong | {check.id for check in feed.checks if not CHECKS[check.id](row)}


def plain(text: str, kind: Kind, shape: Shape) -> object:
    if kind is Kind.WHOLE:
        return int(text) if re.fullmatch("[+-]?[0-9]{1,19}", text) and -(2**63) <= int(text) < 2**63 else None
    if kind is Kind.FLAG:
        return True if text.lower() in shape.true_words else False if text.lower() in shape.false_words else None
    return identifier_key(text) if kind is Kind.IDENTIFIER else text


def length(cell: str, span: Span, sign: int) -> int | None:
    if not re.fullmatch("[+-]?[0-9]{1,19}", cell) or abs(int(cell)) > 3_155_760_000_000_000 // UNIT_US[span.unit]:
        return None
    return sign * int(cell) * UNIT_US[span.unit]


def stamp(text: str, source: Source) -> int | None:
    if source.format in EPOCHS:
        limit = 250_000_000_000_000_000 // EPOCHS[source.format]
        return int(text) * EPOCHS[source.format] if re.fullmatch("[+-]?[0-9]{1,19}", text) and 0 <= int(text) <= limit else None
    if source.format == "iso":
        try:
            return parse_instant(text)
        except BadDeclaration:
            pass
        if source.zone is None or not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?", text):
            return None
        whole, _, fraction = text.replace(",", ".").partition(".")
        written, text = "%Y-%m-%dT%H:%M:%S" if whole.count(":") == 2 else "%Y-%m-%dT%H:%M", whole.replace(" ", "T")
    else:
        written, fraction = source.format, ""
    try:
        local = datetime.strptime(text, written)  # noqa: DTZ007  # its zone is the Source's, given below
    except ValueError:
        return None
    at = instant(local.replace(tzinfo=local.tzinfo or ZoneInfo(source.zone or "UTC")).astimezone(UTC))
    return at + int(fraction[:6].ljust(6, "0")) if fraction else at
