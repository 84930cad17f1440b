"""Floor 3: what came, what of it was accepted, what stands, and what is owed."""
