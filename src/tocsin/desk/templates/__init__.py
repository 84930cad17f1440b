"""Templates of the desk's own pages: layout only."""

from importlib import resources


def template(name: str) -> str:
    """The text of one template."""
    return (resources.files("tocsin.desk.templates") / name).read_text(encoding="utf-8")
