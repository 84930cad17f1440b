"""Shelves: folders that are walked, so that a new thing is a new file and nothing lists the files (architecture section 2)."""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

from tocsin.vocabulary.errors import BadDeclaration

T = TypeVar("T")


def walk(package: ModuleType, kind: type[T], name_of: Callable[[T], str], beside: frozenset[str] = frozenset()) -> dict[str, T]:
    """Every declaration of `kind` in the modules of `package`, by name, in order of file name.

    A module declares exactly one, named as the file; modules in `beside` hold the machinery, not a declaration.
    Raises BadDeclaration naming the file when a module declares none, more than one, or one with another name.
    """
    shelf: dict[str, T] = {}
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if found.name in beside:
            continue
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        own = [value for value in vars(module).values() if isinstance(value, kind)]
        where = f"{package.__name__.replace('.', '/')}/{found.name}.py"
        if len(own) != 1:
            raise BadDeclaration(f"{where}: expected exactly one {kind.__name__}, found {len(own)}. Declare one thing a file.")
        if name_of(own[0]) != found.name:
            raise BadDeclaration(
                f'{where}: expected a {kind.__name__} named "{found.name}", found "{name_of(own[0])}". Rename the file or the declaration.'
            )
        shelf[found.name] = own[0]
    return shelf
