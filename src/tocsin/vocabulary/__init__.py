"""Floor 0: the nouns of the field, as code and dated tables; no data library."""
