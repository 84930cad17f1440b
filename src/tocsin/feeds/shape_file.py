"""Reading a workspace's shapes/*.toml: every mistake is a BadDeclaration that names file, key, expected and found."""

import tomllib
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from tocsin.feeds import all_feeds
from tocsin.feeds.feed import Feed, Kind
from tocsin.feeds.shape import Shape, Source, Span, Unfold, When
from tocsin.vocabulary.errors import BadDeclaration


def load_shapes(folder: Path) -> tuple[Shape, ...]:
    """Every Shape of a folder, in order of file name; an absent folder has none. Raises BadDeclaration."""
    return tuple(load_shape(path) for path in sorted(folder.glob("*.toml")))


def load_shape(path: Path) -> Shape:
    """One Shape, checked against its feed. Raises BadDeclaration naming file, key, what was expected and what was found."""
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise BadDeclaration(f"{path}: expected TOML in UTF-8, found {wrong}. Correct the file.") from wrong
    try:
        shape = Shape.model_validate({**declared, "name": path.stem, "where": str(path)})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key = ".".join(str(piece) for piece in first["loc"] if piece != "function-before[_named(), Source]") or "(the whole file)"
        found = repr(first["input"])
        more = f" ({wrong.error_count() - 1} more after it.)" if wrong.error_count() > 1 else ""
        meant = _meant(str(first["loc"][-1])) if first["type"] == "extra_forbidden" else ""
        raise BadDeclaration(
            f"{path}: {key}: {first['msg'].removeprefix('Value error, ')}; found {found[:200]}.{meant} Correct the Shape.{more}"
        ) from wrong
    try:
        names = shape.file_names
    except BadDeclaration as wrong:
        raise BadDeclaration(f"{path}: {wrong}") from wrong
    feeds = all_feeds()
    if shape.feed not in feeds:
        raise BadDeclaration(f'{path}: feed: expected one of {", ".join(feeds)}, found "{shape.feed}". Correct the Shape.')
    feed = feeds[shape.feed]
    if feed.every != "occasion" and not names.formats and shape.covers is None:
        raise BadDeclaration(
            f"{path}: covers: feed {feed.name} is sent every {feed.every}: expected {{day}}, {{month}} or {{quarter_hour}} in the pattern,"
            f' or covers = ["2021-08-01", "2021-09-01"]; found neither in "{shape.pattern}". Say which time its files cover.'
        )
    _check_columns(path, shape, feed)
    return shape


def _meant(key: str) -> str:
    """What a key that no Shape has is likely to be a slip for."""
    known = {part.alias or name for model in (Shape, Source, Span, Unfold, When) for name, part in model.model_fields.items()}
    alike = get_close_matches(key, sorted(known - {"name", "where"}), n=1, cutoff=0.75)
    return f" Was {alike[0]} meant?" if alike else " docs/shapes.md tells the keys there are."


def _check_columns(path: Path, shape: Shape, feed: Feed) -> None:
    names = [column.name for column in feed.columns]
    for name in (*shape.values, *shape.columns, *(name for part in shape.unfold for name in part.columns)):
        if name not in names:
            raise BadDeclaration(f'{path}: "{name}" is no column of feed {feed.name}; expected some of {", ".join(names)}.')
    keyed = {feed.key_when_empty[0]: feed.key_when_empty[1]} if feed.key_when_empty else {}
    for place, (_, columns) in enumerate(shape.parts(), 1):
        where = f"{path}: row {place} of [[unfold]]" if shape.unfold else f"{path}: [columns]"
        for column in feed.columns:
            source = columns.get(column.name)
            if source is None:
                if not column.may_be_empty and not all(name in columns for name in keyed.get(column.name, (column.name,))):
                    raise BadDeclaration(f"{where}: column {column.name} of feed {feed.name} is required and is not mapped. Map it.")
            elif column.kind is not Kind.INSTANT and _times(source):
                raise BadDeclaration(
                    f"{where}: {column.name}: format, zone, plus and minus are for instants; {column.name} is of kind {column.kind.value}."
                )
    if not shape.header and (unknown := [name for name in shape.columns_read() if name not in shape.positions]):
        raise BadDeclaration(f'{path}: positions: column "{unknown[0]}" is read but not named there ({", ".join(shape.positions)}).')


def _times(source: Source) -> bool:
    return source.format != "iso" or source.zone is not None or bool(source.plus) or bool(source.minus)
