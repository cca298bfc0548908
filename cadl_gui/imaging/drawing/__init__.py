"""Drawings by hand, and how they are made into pictures like MNIST's."""
