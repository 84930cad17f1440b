"""SEC Parties and their User IDs: who may send, in which role, and how large they are (domain.md 5.3 and 6.5)."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.chance import chance
from tocsin.estate.own_tables import own_table
from tocsin.vocabulary.service_requests import USER_ROLES

# User IDs begin with the octets seen in DCC's test material (duis.md 2); no maker of the models has them, so none is a device's too.
USER_PREFIX = 0x90B3D51F30 << 24
FIRST_USER_NUMBER = 0x100

# The counter is an unsigned 64-bit number and some Users count in its upper half (duis.md 0.3).
UPPER_HALF = 2**63

MOST_SUPPLIERS, MOST_OTHERS, MOST_AGENTS, MOST_INDEPENDENTS = 30, 12, 3, 4


@dataclass(frozen=True)
class Role:
    """A User ID in the making: its party, its role, whether the party list has it."""

    party: int
    role: str
    is_listed: bool = True


@dataclass(frozen=True)
class Parties:
    """Parties with their User IDs. Places of `users`, to choose from by home:

    `import_users`, `gas_users` with `import_weights`, `gas_weights` (summing to 1); `gas_of_import`: for each place of `users` the gas
    User ID of the same party, or -1; `distributors`: one for each network area; `transporters`: likewise; `independents`: further
    distributors that have a few homes in every area.
    """

    users: Block
    names: tuple[str, ...]
    import_users: Array
    import_weights: Array
    gas_users: Array
    gas_weights: Array
    gas_of_import: Array
    distributors: Array
    transporters: Array
    independents: Array


def make_parties(seed: int, homes: int) -> Parties:
    """The parties of an estate of so many homes: about 60 for the whole network, about 20 for the least."""
    size = homes.bit_length()
    suppliers = min(MOST_SUPPLIERS, size + 2)
    names: list[str] = []
    made: list[Role] = []
    for number in range(suppliers):
        names.append(f"Simulated Supplier {number + 1:02d}")
        made.extend(_supplier(number))
    areas = own_table("network_areas")
    distributors = _networks(names, made, "Simulated Distribution", "ED", [row.cells["distribution_group"] for row in areas])
    transporters = _networks(names, made, "Simulated Gas Transport", "GT", [row.cells["gas_transporter"] for row in areas], shared=True)
    independents = []
    for number in range(min(MOST_INDEPENDENTS, 1 + size // 6)):
        names.append(f"Simulated Independent Network {number + 1}")
        independents.append(len(made))
        made.append(Role(len(names) - 1, "ED"))
    for title, role, count in (
        ("Meter Agent", "RSA", min(MOST_AGENTS, 1 + size // 8)),
        ("Other User", "OU", min(MOST_OTHERS, 2 + size // 2)),
    ):
        for number in range(count):
            names.append(f"Simulated {title} {number + 1:02d}")
            # One who has just joined is not in the party list yet; so is the second import User ID of the second supplier.
            made.append(Role(len(names) - 1, role, is_listed=(role, number) != ("OU", count - 1)))
    sizes = _sizes(seed, suppliers)
    imports, import_weights = _weighed(made, "IS", sizes)
    gas, gas_weights = _weighed(made, "GS", sizes)
    first_gas = {made[place].party: place for place in reversed(gas)}
    return Parties(
        users=_users(seed, made),
        names=tuple(names),
        import_users=np.array(imports, np.int32),
        import_weights=import_weights,
        gas_users=np.array(gas, np.int32),
        gas_weights=gas_weights,
        gas_of_import=np.array([first_gas.get(one.party, -1) if one.role == "IS" else -1 for one in made], np.int32),
        distributors=np.array(distributors, np.int32),
        transporters=np.array(transporters, np.int32),
        independents=np.array(independents, np.int32),
    )


def _supplier(number: int) -> list[Role]:
    """An energy group holds several User IDs: import, gas and export; two have more than one import User ID (domain.md 6.5)."""
    roles = [Role(number, "IS")] if number % 5 != 4 else []
    if number < 2:
        roles.append(Role(number, "IS", is_listed=number != 1))
    if number % 5 != 3:
        roles.append(Role(number, "GS"))
    if number % 3 == 0:
        roles.append(Role(number, "ES"))
    return roles


def _networks(names: list[str], made: list[Role], title: str, role: str, groups: list[str], *, shared: bool = False) -> list[int]:
    """For each area the place of its User ID: one an area, or where `shared` one a group; a group is one party."""
    party_of: dict[str, int] = {}
    user_of: dict[str, int] = {}
    places = []
    for area, group in enumerate(groups):
        if group not in party_of:
            party_of[group] = len(names)
            names.append(f"{title} {group}")
        key = group if shared else str(area)
        if key not in user_of:
            user_of[key] = len(made)
            made.append(Role(party_of[group], role))
        places.append(user_of[key])
    return places


def _sizes(seed: int, suppliers: int) -> Array:
    """Skewed sizes of the suppliers (Zipf's law, assumed), in an order that the seed decides."""
    return chance(seed, "supplier sizes").permutation(1.0 / np.arange(1, suppliers + 1))


def _weighed(made: list[Role], role: str, sizes: Array) -> tuple[list[int], Array]:
    places = [place for place, one in enumerate(made) if one.role == role]
    seen: set[int] = set()
    weights = []
    for place in places:
        # A further User ID of a party has a fifth of its homes beside it.
        weights.append(sizes[made[place].party] * (0.2 if made[place].party in seen else 1.0))
        seen.add(made[place].party)
    return places, np.array(weights) / sum(weights)


def _users(seed: int, made: list[Role]) -> Block:
    random = chance(seed, "users")
    numbers = FIRST_USER_NUMBER + random.choice(2**24 - FIRST_USER_NUMBER, len(made), replace=False)
    spread = random.integers(0, 2**40, len(made), np.uint64)
    kind = np.arange(len(made)) % 4
    counters = np.where(kind == 0, np.uint64(UPPER_HALF) + spread, np.where(kind == 1, np.uint64(1000), np.uint64(1 << 40) + spread))
    return Block(
        {
            "eui": np.uint64(USER_PREFIX) + numbers.astype(np.uint64),
            "party": np.array([one.party for one in made], np.int16),
            "role": np.array([USER_ROLES.index(one.role) for one in made], np.int8),
            "is_listed": np.array([one.is_listed for one in made]),
            "counter_from": counters,
        }
    )
