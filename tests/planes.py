"""Recognises marks in the latent plane on the screen."""

import numpy as np
from hand import place_on
from PySide6.QtCore import QPoint, QRect, QSize
from seen import painted_anew

from cadl_gui.ui.theme.tokens import NORMAL

_RADIUS = 0.75 * NORMAL.caption
"""Radius of a pin in pixels."""


def has_pin(plane, z0, z1):
    """Whether there is a white disc in a black ring with a number on it."""
    image, at = painted_anew(plane), place_on(plane, z0, z1)  # painting may lay out a hidden plane
    around = range(-round(_RADIUS) - 1, round(_RADIUS) + 2)
    greys = np.array([[image.pixelColor(at + QPoint(x, y)).lightness() for x in around] for y in around])
    far = np.hypot(*np.meshgrid(around, around))
    ring, disc = greys[np.abs(far - _RADIUS) < 0.7], greys[far < _RADIUS - 1.5]
    return np.median(ring) < 160 and np.mean(disc > 200) > 0.5 and disc.min() < 100


def has_dot(plane, z0, z1):
    """Whether there is a white dot."""
    image = painted_anew(plane)
    return image.pixelColor(place_on(plane, z0, z1)).lightness() > 250


def tips(plane, before, centre, deviations):
    """How many of the tips of ellipses with these half axes, and with twice these, have appeared."""
    image, n = painted_anew(plane), 0
    for sigma in (1, 2):
        for away in np.diag(deviations):
            for side in (-sigma, sigma):
                at = place_on(plane, *(np.array(centre) + side * away))
                with_edges = QRect(at - QPoint(2, 2), QSize(5, 5))
                n += image.copy(with_edges) != before.copy(with_edges)
    return n
