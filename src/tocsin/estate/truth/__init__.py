"""The truth: whole numbers counted while the month is drawn, by other code than the product's."""
