"""Weights as pictures, and what can be read from them, in NumPy only."""
