"""How far a simulation has come, as it is told to whoever waits for it."""

from collections.abc import Callable

# What is done, of how much, and its name.
Progress = Callable[[int, int, str], None]
