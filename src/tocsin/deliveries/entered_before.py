"""What the ledger has of a file already: the same bytes for the same slot need not be read again, and often no entry of their own."""

from dataclasses import replace

from tocsin.deliveries.ledger import Delivery, Ledger


def seen(ledger: Ledger, entry: Delivery, again: bool = False) -> Delivery | None:
    """The same bytes for the same slot: accepted before, or refused before under the same contract.

    One that was withdrawn stays withdrawn, however often its file comes: nothing in incoming/ is ever moved away.
    One empty day's file may well equal another's, and a final its initial: those are deliveries of their own. With `again`, so is one
    that stands, and whose contract is not that under which it was accepted: a Shape was wrong, and the file is read anew by the corrected
    one. What another file took the place of stays replaced: read anew, it would be the later of the two.
    """
    same = [one for one in ledger.with_digest(entry.digest) if (one.slot, one.submission) == (entry.slot, entry.submission)]
    read_so = [one for one in same if one.contract_digest == entry.contract_digest]
    best = max((one for one in same if one.status == "accepted"), key=lambda one: one.standing, default=None)
    if best is None:
        taken_back = next((one for one in reversed(same) if one.status == "withdrawn"), None)
        return taken_back or next((one for one in read_so if one.status == "refused"), None)
    if not again or best in read_so or not _stands(ledger, best, entry.received_at):
        return best
    # By this contract every row was refused before, and would be again; or what came of it was withdrawn.
    return next((one for one in read_so if one.has_rows and not one.fills), None)


def is_read_otherwise_now(ledger: Ledger, entry: Delivery, before: Delivery) -> bool:
    """Whether a file stands whose Shape, or feed, is not the one any more by which its rows were accepted."""
    return before.contract_digest != entry.contract_digest and _stands(ledger, before, entry.received_at)


def _stands(ledger: Ledger, delivery: Delivery, as_at: int) -> bool:
    """Whether nothing took a delivery's place, of its own kind of submission: an initial is told beside its final."""
    alike = (one for one in ledger.accepted_in(delivery.slot, as_at) if one.submission == delivery.submission)
    return max(alike, key=lambda one: one.standing, default=None) == delivery


def told_before(ledger: Ledger, entry: Delivery, before: Delivery) -> Delivery | None:
    """What is answered to a file that needs no entry of its own beside `before`, the one of the same bytes."""
    if before.status == "refused":
        return replace(before, reason=f"{before.reason} (Refused for this before, as {before.delivery_id}.)")
    for told in ledger.with_digest(entry.digest):
        # The same receipt told once more, as when a list of arrivals is taken in again after a crash, is no second receipt.
        if (told.file_name, told.slot, told.received_at) == (entry.file_name, entry.slot, entry.received_at) and told.status != "refused":
            since = ", and withdrawn since: it stays withdrawn" if before.status == "withdrawn" else ""
            return replace(told, status="repeated", reason=f"received then and entered as {told.delivery_id} before{since}.")
    return None


def refused_before(ledger: Ledger, entry: Delivery, why: str) -> Delivery | None:
    """The entry of a file that no Shape fits, refused before for the same reason."""
    if entry.feed is not None or not entry.digest:
        return None
    former = (one for one in ledger.with_digest(entry.digest) if one.feed is None and one.reason == f"{entry.file_name}: {why}")
    return next(former, None)
