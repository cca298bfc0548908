"""Widgets that only the page of each tab has."""

from acceptance.accessibility import Role

PAGES = {
    "Data": (Role.FILLER, "Images"),
    "Draw": (Role.FILLER, "Drawing canvas"),
    "Latent": (Role.FILLER, "Latent plane"),
    "Inspect": (Role.LIST, "Layers"),
    "Train": (Role.BUTTON, "Train"),
}
