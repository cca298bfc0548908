"""The latent plane without a window: what is in view, its tiles, paths through it, points on a grid."""
