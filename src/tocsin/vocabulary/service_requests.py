"""Service Request Variants: the services of the DCC User Interface, as a dated table (domain.md 5; duis.md 2)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.devices import DEVICE_TYPES
from tocsin.vocabulary.instants import parse_instant

# Who may send: import, export and gas supplier, registered supplier agent, electricity distributor, gas transporter, other user.
USER_ROLES = ("IS", "ES", "GS", "RSA", "ED", "GT", "OU")

# Where the answer of a future-dated request comes from (domain.md 5.1).
FUTURE_DATED = ("none", "dsp", "device", "both")

# RTDS cancels by sending the request again with 3000-12-31; an execution time of that year or later is a cancellation (duis.md 6.1).
CANCELLED_FROM = parse_instant("3000-01-01T00:00:00Z")


@dataclass(frozen=True)
class ServiceRequestVariant:
    """One SRV. Empty `user_roles`: none listed. Empty `device_types`: any device, or none. `status` says how well the row is known."""

    srv: str
    service_reference: str
    name: str
    is_critical: bool
    command_variants: tuple[int, ...]
    is_on_demand: bool
    future_dated: str
    is_schedulable: bool
    is_non_device: bool
    user_roles: tuple[str, ...]
    device_types: tuple[str, ...]
    status: str


def variants(on: date = LATEST, override: Path | None = None) -> dict[str, ServiceRequestVariant]:
    """Every SRV known on a date, by its text ("4.1" and "4.10" differ). Raises BadDeclaration on a bad row of the override."""
    return _variants(DatedTable.load("service_request_variants", override), on)


def variant(srv: str, on: date = LATEST, override: Path | None = None) -> ServiceRequestVariant | None:
    """One SRV, or None for one that is not in the catalogue: such requests are kept, counted and filed under OTH (domain.md 5.1)."""
    return variants(on, override).get(srv)


@cache
def _variants(table: DatedTable, on: date) -> dict[str, ServiceRequestVariant]:
    return {
        key[0]: ServiceRequestVariant(
            srv=key[0],
            service_reference=row.cells["service_reference"],
            name=row.cells["name"],
            is_critical=row.truth("is_critical"),
            command_variants=tuple(int(word) for word in row.words("command_variants", tuple("12345678"))),
            is_on_demand=row.truth("is_on_demand"),
            future_dated=row.one_of("future_dated", FUTURE_DATED),
            is_schedulable=row.truth("is_schedulable"),
            is_non_device=row.truth("is_non_device"),
            user_roles=row.words("user_roles", USER_ROLES),
            device_types=row.words("device_types", DEVICE_TYPES),
            status=row.cells["status"],
        )
        for key, row in table.at(on).items()
    }
