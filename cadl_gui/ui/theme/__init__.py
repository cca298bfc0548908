"""Colours, sizes and fonts of the whole window, with light, dark and present mode."""
