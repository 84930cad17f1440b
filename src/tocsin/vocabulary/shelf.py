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
    return {name: _taken(package, kind, name, name_of) for name in names_on(package, beside)}


def one_of(package: ModuleType, kind: type[T], name: str, name_of: Callable[[T], str]) -> T | None:
    """The declaration of one name alone, None where no file is called so: whoever asks for one must not wait for all to be read.

    Raises BadDeclaration as `walk` does. What only all together can show (two that exclude each other) is not looked at.
    """
    return _taken(package, kind, name, name_of) if name in names_on(package) else None


def names_on(package: ModuleType, beside: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What the files of a shelf are called, in order; none of them is read."""
    return tuple(sorted({found.name for found in pkgutil.iter_modules(package.__path__)} - beside))


def _taken(package: ModuleType, kind: type[T], name: str, name_of: Callable[[T], str]) -> T:
    module = importlib.import_module(f"{package.__name__}.{name}")
    own = [value for value in vars(module).values() if isinstance(value, kind)]
    where = f"{package.__name__.replace('.', '/')}/{name}.py"
    if len(own) != 1:
        raise BadDeclaration(f"{where}: expected exactly one {kind.__name__}, found {len(own)}. Declare one thing a file.")
    if name_of(own[0]) != name:
        raise BadDeclaration(
            f'{where}: expected a {kind.__name__} named "{name}", found "{name_of(own[0])}". Rename the file or the declaration.'
        )
    return own[0]
