"""The thirteen senders: each its own file layout, rhythm and vices, and the Shape that reads it."""
