"""Outages of a month: planned at night, unplanned at any hour, with every case that availability turns on (domain.md 2.6, 15.3)."""

from dataclasses import dataclass, replace
from datetime import time, timedelta

import numpy as np

from tocsin.estate.chance import chance
from tocsin.estate.plan import Plan
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US, local_instant

# Users are told of maintenance this long before (recalled of SEC H8.3, so assumed).
NOTICE_US = 20 * DAY_US


@dataclass(frozen=True)
class Outage:
    """A stretch in which a service was down. Instants are whole seconds of UTC; `is_compliant` is told of planned ones only."""

    outage_id: str
    service: str
    kind: str
    started_at: int
    ended_at: int
    incident_id: str | None
    notified_at: int | None = None
    is_compliant: bool | None = None


def incident_reference(period: Period, number: int) -> str:
    """The reference of an Incident in the service management system; those of outages are the first of a month."""
    return f"INC{period.year % 100:02d}{period.month:02d}{number:07d}"


def outages(plan: Plan) -> tuple[Outage, ...]:
    """Every outage of the month, by service and start, those that lie across its edges included; the scale does not touch them."""
    drawing = _Drawing(plan.period, chance(plan.seed, "outages"))
    for service, is_busy in (("ssi", True), ("dsp", False)):
        drawing.maintain(service, is_busy)
        drawing.fail(service, is_busy)
    drawing.unplanned("wan_gateway", drawing.somewhen(), drawing.seconds(200, 2400))
    found = (_inside(plan, outage) for outage in drawing.found)
    return tuple(sorted(found, key=lambda outage: (outage.service, outage.started_at, outage.outage_id)))


def _inside(plan: Plan, outage: Outage) -> Outage:
    """An outage cut at the edges of the month towards months that are simulated too: their lists tell of none of it."""
    started_at = max(outage.started_at, plan.period.start_at) if plan.months_before else outage.started_at
    ended_at = min(outage.ended_at, plan.period.end_at) if plan.is_followed else outage.ended_at
    return replace(outage, started_at=started_at, ended_at=ended_at)


class _Drawing:
    """One month's drawing of outages."""

    def __init__(self, period: Period, random: np.random.Generator) -> None:
        self.period, self.random = period, random
        self.found: list[Outage] = []
        self.incidents = 0

    def seconds(self, least: int, below: int) -> int:
        """A span of whole seconds, in microseconds."""
        return int(self.random.integers(least, below)) * SECOND_US

    def somewhen(self) -> int:
        """An instant of the month on a whole second, two days off its edges."""
        return self.period.start_at + 2 * DAY_US + self.seconds(0, (self.period.end_at - self.period.start_at - 4 * DAY_US) // SECOND_US)

    def unplanned(self, service: str, at: int, span: int, *, is_recorded: bool = True, kind: str = "unplanned") -> None:
        if is_recorded:
            self.incidents += 1
        incident = incident_reference(self.period, self.incidents) if is_recorded else None
        self.found.append(Outage(self._reference(), service, kind, at, at + span, incident))

    def maintain(self, service: str, is_busy: bool) -> None:
        """Nights of compliant maintenance, under four hours together and between 20:00 and 08:00; for the SSI one by day without notice."""
        nights = self.random.choice(self.period.last_on.day - 4, size=2 if is_busy else 1, replace=False)
        for night in sorted(int(number) for number in nights):
            on = self.period.first_on + timedelta(days=night + 1)
            at = local_instant(on, time(20), "Europe/London") + int(self.random.integers(0, 540)) * MINUTE_US
            self._planned(service, at, int(self.random.integers(40, 110)) * MINUTE_US, NOTICE_US, is_compliant=True)
        if is_busy:
            on = self.period.first_on + timedelta(days=int(self.random.integers(1, 26)))
            at = local_instant(on, time(13), "Europe/London") + self.seconds(0, 3600)
            self._planned(service, at, self.seconds(900, 2400), 2 * 60 * MINUTE_US, is_compliant=False)

    def fail(self, service: str, is_busy: bool) -> None:
        """What goes down by itself; for the SSI each case of domain.md 2.6, the others' months are quieter."""
        self.unplanned(service, self.period.start_at - self.seconds(60, 1800), 2 * 1800 * SECOND_US)
        self.unplanned(service, self.somewhen(), self.seconds(61, 900), is_recorded=False)
        self.unplanned(service, self.somewhen(), self.seconds(20, 200), kind="failover")
        if not is_busy:
            return
        first = self.somewhen()
        overlap = self.seconds(60, 500)
        self.unplanned(service, first, 1200 * SECOND_US)
        self.unplanned(service, first + 1200 * SECOND_US - overlap, 1200 * SECOND_US)
        self.unplanned(service, self.somewhen(), 30 * SECOND_US)
        night = next(outage for outage in self.found if outage.service == service and outage.is_compliant)
        self.unplanned(service, night.started_at - self.seconds(30, 600), 1500 * SECOND_US)
        self.unplanned(service, self.period.end_at - self.seconds(60, 1800), 2 * 1800 * SECOND_US)

    def _planned(self, service: str, at: int, span: int, notice: int, *, is_compliant: bool) -> None:
        self.found.append(Outage(self._reference(), service, "planned", at, at + span, None, at - notice, is_compliant))

    def _reference(self) -> str:
        return f"OUT-{self.period.label}-{len(self.found) + 1:03d}"
