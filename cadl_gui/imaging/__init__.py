"""Arithmetic on arrays: drawings, weights as images, latent planes. NumPy only."""
