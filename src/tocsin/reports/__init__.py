"""Floor 6: a frozen run, the Performance Measurement Report made from it, and the way back from a figure to its rows."""
