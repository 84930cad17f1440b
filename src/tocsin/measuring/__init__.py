"""Floor 3: what a measure is: journeys, tallies, ladders, figures, anonymity."""
