"""Datasets: images as arrays of shape (n, height, width, channels)."""
