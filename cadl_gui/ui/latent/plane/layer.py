"""The layers of the latent plane."""

from enum import StrEnum


class LatentLayer(StrEnum):
    """What can be shown or hidden, from the lowest to the highest."""

    MANIFOLD = "manifold"
    CLASSIFIER = "classifier"
    DENSITY = "veil"
    PRIOR = "prior"
    POINTS = "points"
    THUMBNAILS = "thumbnails"
    GLYPHS = "glyphs"
