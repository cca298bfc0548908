"""All that a dataset can be: one file for each kind, which defines `SOURCE`, and its line here."""

from cadl_gui.datasets.source import Source
from cadl_gui.datasets.sources import arrays, idx, mnist

SOURCES: tuple[Source, ...] = (mnist.SOURCE, idx.SOURCE, arrays.SOURCE)
"""In the order in which they are offered. The first that recognises a path opens it."""
