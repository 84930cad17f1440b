"""Pages of docs/ that are made from the declarations: a rule is written once, beside the code that obeys it."""
