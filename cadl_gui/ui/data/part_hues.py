"""The colours of the parts of a split."""

PART_HUES = (8, 3, 6)
"""Training, validation and test have the hues of these labels: grey, orange, blue."""
