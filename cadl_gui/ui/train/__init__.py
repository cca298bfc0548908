"""The Train tab: the form of the next run, live curves, what is confused and mistaken."""
