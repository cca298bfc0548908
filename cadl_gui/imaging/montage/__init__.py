"""Montages of whole datasets: the grid of images, and its tiles at every size."""
