"""Montages of whole datasets: the grid of images, and its tiles at every size.

The tiles are made in a thread of their own, from versions of all images that are shrunk once, and never wait
for a network.
"""
