"""Dataset sources: one module for each kind, which defines `SOURCE` and is registered here."""

from cadl_gui.datasets.source import Source
from cadl_gui.datasets.sources import arrays, cifar, emoji, film, idx, image_files, mnist

SOURCES: tuple[Source, ...] = (
    mnist.SOURCE,
    emoji.SOURCE,
    idx.SOURCE,
    cifar.SOURCE,
    arrays.SOURCE,
    film.SOURCE,
    image_files.SOURCE,
)
"""Sources in display order. The first one that recognises a path opens it."""
