"""Findings that were once told of sound rows, each pinned: a data-quality section of false alarms is read by nobody."""

from pathlib import Path

from made_store import make_store, sat_row


def test_what_a_device_reports_of_a_held_command_is_no_unknown_code(tmp_path: Path) -> None:
    """8F66 and 8F67 stand in the place of a response code, and every month told them as codes that are not known."""
    made = make_store(tmp_path)
    rows = [sat_row(number, point="TX_USER", message_class="fd_outcome", code=code) for number, code in enumerate(("8F66", "8F67", "8F68"))]
    (receipt,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", *rows))
    found = {finding.check_id: finding.count for finding in made.ledger().findings(receipt.delivery.delivery_no)}
    assert found == {"AT-UNKNOWN:response_code": 1}
