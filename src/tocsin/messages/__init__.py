"""Floor 1: real DUIS messages and GBCS payloads, read into values and then into the rows of a feed (duis.md)."""
