"""Floor 6: work lists, one file each. The folder is walked."""

import sys
from functools import cache

from tocsin.reports.work_list import WorkList, check_list
from tocsin.vocabulary.shelf import walk


@cache
def all_work_lists() -> dict[str, WorkList]:
    """Every declared work list by name, in their order. Raises BadDeclaration naming the file of one that cannot be made."""
    shelf = walk(sys.modules[__name__], WorkList, lambda one: one.name)
    return {one.name: check_list(one) for one in sorted(shelf.values(), key=lambda one: (one.order, one.name))}
