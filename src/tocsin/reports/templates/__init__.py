"""The templates of the report, shipped with the package: layout only, no figures and no rules."""

from importlib import resources


def template(name: str) -> str:
    """The text of one template."""
    return (resources.files("tocsin.reports.templates") / name).read_text(encoding="utf-8")
