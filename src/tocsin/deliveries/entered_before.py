"""What the ledger has of a file already: the same bytes for the same slot need not be read again, and often no entry of their own."""

from dataclasses import replace

from tocsin.deliveries.ledger import Delivery, Ledger


def seen(ledger: Ledger, entry: Delivery) -> Delivery | None:
    """The same bytes for the same slot: accepted before, or refused before under the same contract.

    One empty day's file may well equal another's, and a final its initial: those are deliveries of their own.
    """
    for before in ledger.with_digest(entry.digest):
        is_same = before.slot == entry.slot and before.submission == entry.submission
        is_final_word = before.status == "accepted" or (before.status == "refused" and before.contract_digest == entry.contract_digest)
        if is_same and is_final_word:
            return before
    return None


def told_before(ledger: Ledger, entry: Delivery, before: Delivery) -> Delivery | None:
    """What is answered to a file that needs no entry of its own beside `before`, the one of the same bytes."""
    if before.status == "refused":
        return replace(before, reason=f"{before.reason} (Refused for this before, as {before.delivery_id}.)")
    for told in ledger.with_digest(entry.digest):
        # The same receipt told once more, as when a list of arrivals is taken in again after a crash, is no second receipt.
        if (told.file_name, told.slot, told.received_at) == (entry.file_name, entry.slot, entry.received_at) and told.status != "refused":
            return replace(told, status="repeated", reason=f"received then and entered as {told.delivery_id} before.")
    return None


def refused_before(ledger: Ledger, file_name: str, entry: Delivery, why: str) -> Delivery | None:
    """The entry of a file that no Shape fits, refused before for the same reason."""
    if entry.feed is not None or not entry.digest:
        return None
    former = (one for one in ledger.with_digest(entry.digest) if one.feed is None and one.reason == f"{file_name}: {why}")
    return next(former, None)
