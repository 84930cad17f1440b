"""Floor 7: where people meet tocsin. The only floor that knows "now" and which engine."""
