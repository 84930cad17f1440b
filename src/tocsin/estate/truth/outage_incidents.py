"""The truth of outages and their Incidents: how many unplanned ones the DCC Service Management System does not know (domain.md 3.4)."""

from collections.abc import Collection, Iterator, Sequence

from tocsin.estate.events.outages import Outage

NAMES = ("outages", "unplanned", "without_incident", "unchecked")


def figures(outages: Sequence[Outage], incidents: Collection[str], *, is_delivered: bool) -> Iterator[tuple[str, int | None, int | None]]:
    """Every figure of the area by name with what it counts; `incidents` are the references of all Incidents that files told of."""
    if not is_delivered:
        yield from ((f"outage_incidents.{name}", None, None) for name in NAMES)
        return
    cells: dict[str, list[Outage]] = {"": list(outages)}
    for outage in outages:
        cells.setdefault(f"/service={outage.service}", []).append(outage)
    for cell, of in cells.items():
        unplanned = [outage for outage in of if outage.kind == "unplanned"]
        strangers = [outage for outage in unplanned if outage.incident_id is not None and outage.incident_id not in incidents]
        nameless = sum(outage.incident_id is None for outage in unplanned)
        counts = (len(of), len(unplanned), nameless + (len(strangers) if incidents else 0), 0 if incidents else len(strangers))
        for name, count in zip(NAMES, counts, strict=True):
            yield f"outage_incidents.{name}{cell}", count, None
