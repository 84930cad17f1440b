"""Engines: SQL text in, whole numbers out. Only this floor names an engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Engine, Relation, Session
from tocsin.vocabulary.errors import BadDeclaration

__all__ = ["Engine", "Relation", "Session", "engine_named"]

# What a workspace may set for each engine.
SETTINGS = {"duckdb": ("threads", "memory_limit", "temp_directory"), "spark": ("url", "root", "seen_as")}


def engine_named(name: str, settings: Mapping[str, Any] | None = None) -> Engine:
    """The engine a workspace names, its library loaded only now.

    `settings` are those of SETTINGS: threads, memory_limit ("4GB") and temp_directory for duckdb, url ("sc://host:15002") for spark, and
    seen_as ("file:///mnt/tocsin") where the cluster sees the folder root elsewhere than this machine.
    Raises BadDeclaration for another engine or setting, EngineUnavailable where the engine's library is not installed.
    """
    if name not in SETTINGS:
        raise BadDeclaration(f'engine "{name}" is not known; expected one of {", ".join(SETTINGS)}.')
    given = dict(settings or {})
    for key in given:
        if key not in SETTINGS[name]:
            raise BadDeclaration(f'engine {name}: setting "{key}" is not known; expected one of {", ".join(SETTINGS[name])}.')
    if name == "duckdb":
        from tocsin.engines.embedded import Embedded

        if given.get("temp_directory") is not None:
            given["temp_directory"] = Path(given["temp_directory"])
        return Embedded(**given)
    from tocsin.engines.spark import Spark

    return Spark(**given)
