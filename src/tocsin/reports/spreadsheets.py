"""Text that a spreadsheet will not run: what begins like a formula is written with an apostrophe before it (CSV injection, CWE-1236)."""

# Tab and carriage return as well: a spreadsheet may skip them and read on.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
