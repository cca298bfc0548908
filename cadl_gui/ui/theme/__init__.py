"""Colours, sizes and type of the whole window, and the switch between light, dark and present mode."""
