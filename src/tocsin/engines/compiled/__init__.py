"""Rows beyond doubt, read in compiled code; every other line goes the statement's way (docs/decisions/0012)."""
