"""Weights as images, and statistics of weights, in NumPy only."""
