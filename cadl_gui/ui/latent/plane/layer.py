"""The layers of the latent plane."""

from enum import StrEnum


class LatentLayer(StrEnum):
    """The layers that can be shown or hidden, from bottom to top."""

    MANIFOLD = "manifold"
    CLASSIFIER = "classifier"
    DENSITY = "density"
    PRIOR = "prior"
    POINTS = "points"
    THUMBNAILS = "thumbnails"
    GLYPHS = "glyphs"
