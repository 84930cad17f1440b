"""Floor 1: the kinds of delivery, one file each. The folder is walked."""

from functools import cache
from importlib import import_module

from tocsin.feeds.feed import Feed
from tocsin.vocabulary.shelf import walk

BESIDE = frozenset({"feed", "file_name", "shape", "shape_file"})


@cache
def all_feeds() -> dict[str, Feed]:
    """Every declared Feed by name. Raises BadDeclaration naming the file that is wrong."""
    return walk(import_module("tocsin.feeds"), Feed, lambda feed: feed.name, BESIDE)
