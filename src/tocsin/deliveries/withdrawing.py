"""Taking a delivery back, or letting it stand again: one word in the ledger, said once; rows and received file stay where they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from tocsin.deliveries.keeping import one_at_a_time
from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.registers import is_register, place_of
from tocsin.deliveries.store import Store
from tocsin.deliveries.withdrawals import Said, Withdrawal, withdrawn_by
from tocsin.vocabulary.calendar import moment
from tocsin.vocabulary.errors import BadDeclaration

log = structlog.get_logger()

# Of a digest so many signs are told at least: a delivery's name has ten.
LEAST_SIGNS = 10
LISTED = 10

Check = Callable[[Sequence[Delivery], int], None]


@dataclass(frozen=True)
class Word:
    """What a person says of a delivery, or of all deliveries of a file: `named` is its id, or the digest of the file's bytes.

    `reason` and `by` are plain words on one line, `at` is µs UTC.
    """

    named: str
    said: Said
    reason: str
    by: str
    account: str
    at: int


@dataclass(frozen=True)
class Answer:
    """What came of it for one delivery: the word in force, whether it is new, and the delivery that stands in its slot now, if any."""

    delivery: Delivery
    word: Withdrawal | None
    is_new: bool
    stands: Delivery | None


def say_of(store: Store, word: Word, check: Check = lambda deliveries, at: None) -> list[Answer]:
    """Withdraw a delivery, or let it stand again; said twice it is said once. `check` may object before anything is entered.

    Raises BadDeclaration for what is no accepted delivery, and an instant before what was said last; RefusedDelivery while an intake is at
    work; LedgerUnavailable.
    """
    store.make()
    with one_at_a_time(store):
        ledger = Ledger(store)
        try:
            chosen = named_deliveries(ledger, word.named)
            new = [one for one in chosen if _status_after(word.said) != one.status]
            _check_instant(ledger, new, word.at)
            check(new, word.at)
            if new:
                ledger.say([Withdrawal(0, one.delivery_no, word.said, word.at, word.by, word.account, word.reason) for one in new])
            for one in new:
                log.info("delivery withdrawn" if word.said == "withdrawn" else "delivery restored", delivery=one.delivery_id, feed=one.feed)
            changed = {one.delivery_no for one in new}
            last = {said.delivery_no: said for said in ledger.words()}
            return [Answer(one, last.get(one.delivery_no), one.delivery_no in changed, stands_now(ledger, one, word.at)) for one in chosen]
        finally:
            ledger.close()


def _status_after(said: Said) -> str:
    return "withdrawn" if said == "withdrawn" else "accepted"


def named_deliveries(ledger: Ledger, named: str) -> list[Delivery]:
    """The accepted deliveries, withdrawn ones too, of an id, of a file's digest or of its first signs. Raises BadDeclaration for none."""
    entries = ledger.deliveries()
    told = named.strip()
    if by_id := [one for one in entries if one.delivery_id == told]:
        if not by_id[0].has_rows:
            raise BadDeclaration(f"{told} was {by_id[0].status}: nothing of it ever stood, and nothing was changed.")
        return by_id
    of_digest = [one for one in entries if one.has_rows and len(told) >= LEAST_SIGNS and one.digest.startswith(told.lower())]
    if len({one.digest for one in of_digest}) > 1:
        raise BadDeclaration(f"{told}: several files have a digest that begins so. Say more of it, or name a delivery.")
    if of_digest:
        return of_digest
    called = [one.delivery_id for one in entries if one.has_rows and one.file_name == told]
    if called:
        more = f" and {len(called) - LISTED} more" if len(called) > LISTED else ""
        raise BadDeclaration(f"{told} is the name of a file; which delivery of it? There is: {', '.join(called[:LISTED])}{more}.")
    raise BadDeclaration(
        f"{told}: no delivery of that name, and no file of that digest ({LEAST_SIGNS} signs of it or more), was ever accepted. tocsin slots"
        " MONTH lists the deliveries of a month."
    )


def _check_instant(ledger: Ledger, deliveries: Sequence[Delivery], at: int) -> None:
    """What is said is said after the delivery came, and in order: what stood at any instant is read from the last word before it."""
    last = {word.delivery_no: word for word in ledger.words()}
    for one in deliveries:
        former = last.get(one.delivery_no)
        since, what = (former.at, f"was {former.said}") if former is not None else (one.received_at, "was received")
        if at < since:
            raise BadDeclaration(
                f"{one.delivery_id} {what} {moment(since):%Y-%m-%d %H:%M:%S} UTC: an instant from then on was expected, found"
                f" {moment(at):%Y-%m-%d %H:%M:%S}. Nothing was recorded."
            )


def stands_now(ledger: Ledger, delivery: Delivery, at: int) -> Delivery | None:
    """What stands at an instant where a delivery stands or stood."""
    if not is_register(delivery):
        return ledger.standing_in(delivery.slot, at)
    # Of a register files of other days take each other's place.
    standing = ledger.basis(at, feeds=(delivery.feed or "",)).deliveries
    return next((one for one in standing if place_of(one) == place_of(delivery)), None)


def withdrawn_deliveries(ledger: Ledger, as_at: int | None = None) -> list[tuple[Delivery, Withdrawal]]:
    """The deliveries withdrawn by an instant (of all that was said, where none is given), with the word that is in force."""
    words = withdrawn_by(ledger.words(), as_at)
    entries = {one.delivery_no: one for one in ledger.deliveries(as_at)} if words else {}
    return [(entries[number], word) for number, word in sorted(words.items()) if number in entries]
