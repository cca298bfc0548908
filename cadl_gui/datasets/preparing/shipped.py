"""Datasets that ship with the program as archives of image files, and are prepared at their first use."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cadl_gui.system.words import _

EMOJI = Path(_("Emoji"))

EMOJI_SHA256 = "b8b0b08a0eb1535621796c9b9d29a48343fd7ed4e163fc0f1cf6a066b08bed64"
"""Of `resources/emoji.zip`."""

SHIPPED_STATES: Mapping[Path, str] = MappingProxyType({EMOJI: EMOJI_SHA256})
"""State of each of these datasets, by what takes the place of its path in the cache: its title.

Neither depends on where the program is installed, which changes at each start of an AppImage. No dataset of
the user has such a path, since theirs are absolute.
"""
