"""Computations for the latent plane: views, tiles, paths, and the assignment of points to a grid."""
