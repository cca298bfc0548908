"""Weights as images, and what can be read from them, in NumPy only."""
