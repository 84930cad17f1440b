"""What goes wrong on the way: files late, missing, cut, doubled; rows spoilt, repeated, belated. A profile says how often."""
