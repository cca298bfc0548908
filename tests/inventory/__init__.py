"""An inventory of what the program offers, so that no change goes unnoticed."""
