"""What a frozen run says of what came and what was owed: deliveries, refused and repeated files, findings of checks, slots."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveryLine:
    """One delivery of the basis. `covers` is what its slot says ("2021-08", "2021-08-03"), `submission` initial or final."""

    delivery_id: str
    feed: str
    sender: str
    file_name: str
    covers: str
    submission: str
    received_at: int
    lines: int
    accepted: int
    refused: int
    duplicates: int


@dataclass(frozen=True)
class RefusedFile:
    """A file that was refused whole, and why."""

    file_name: str
    reason: str


@dataclass(frozen=True)
class RepeatedFile:
    """A file of which the very same bytes had been accepted for the same slot before: nothing was changed by it."""

    file_name: str
    received_at: int
    same_as: str


@dataclass(frozen=True)
class SupersededLine:
    """An accepted delivery whose slot another delivery fills: `stands` is that one's id (a final, or the later received)."""

    delivery_id: str
    feed: str
    sender: str
    file_name: str
    covers: str
    submission: str
    received_at: int
    stands: str


@dataclass(frozen=True)
class WithdrawnLine:
    """An accepted delivery that was taken back: when, by whom and why. `stands` is the id of what fills its slot in its place, or empty."""

    delivery_id: str
    feed: str
    sender: str
    file_name: str
    covers: str
    submission: str
    received_at: int
    withdrawn_at: int
    by: str
    reason: str
    stands: str


@dataclass(frozen=True)
class SilenceLine:
    """A stretch of the period in which a sender that owes a feed in the rest of it is agreed to send nothing."""

    feed: str
    sender: str
    covers: str


@dataclass(frozen=True)
class FindingLine:
    """How many rows of a delivery one check refused or remarked on."""

    delivery_id: str
    check_id: str
    sentence: str
    count: int


@dataclass(frozen=True)
class SlotLine:
    """What was owed and what became of it: filled, late, missing, not_expected (architecture section 3).

    `filled_at` is when it was filled whole, None where it is not; of a run made before it was kept it is None as well.
    """

    feed: str
    sender: str
    covers: str
    due_at: int | None
    state: str
    filled_at: int | None = None


@dataclass(frozen=True)
class FeedLine:
    """What a feed is called, how often it is sent, when it is due, in words, and how well that is known."""

    feed: str
    title: str
    every: str
    due: str
    status: str
    source: str
