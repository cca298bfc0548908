"""Drawings by hand, and how they are made into images like MNIST's."""
