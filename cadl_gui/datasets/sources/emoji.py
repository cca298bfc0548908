"""The shipped Emoji dataset: the images in `emoji.zip`, which are prepared at their first use."""

import hashlib
from dataclasses import replace
from pathlib import Path, PurePosixPath

from cadl_gui.datasets.preparing.shipped import EMOJI, EMOJI_SHA256
from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan, Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.resources import resource_path
from cadl_gui.system.words import _

_CLASSES = (
    _("Activities"), _("Animals & Nature"), _("Flags"), _("Food & Drink"), _("Objects"), _("People & Body"),
    _("Smileys & Emotion"), _("Symbols"), _("Travel & Places"),
)  # fmt: skip
_PREVIEW = Preview(1906, (64, 64, 3), _CLASSES)
_PATIENCE_S = 30.0
"""Another process needs half a second. Nobody asked for this preparation, so it is waited for in silence."""


def scan_emoji(options: PreparingOptions, path: Path | None = None) -> DatasetScan:
    """Find the images in the archive that ships.

    Args:
        path: the archive, if it is not the shipped one.

    Raises:
        DatasetError: if the archive is missing or damaged.
    """
    from cadl_gui.datasets.image_file_scan import scan_image_files

    path = path or resource_path("emoji.zip")
    try:
        is_intact = hashlib.sha256(path.read_bytes()).hexdigest() == EMOJI_SHA256
    except OSError:
        is_intact = False
    if not is_intact:
        raise DatasetError(
            _("The emoji that ship with the program cannot be read from “{path}”; install it again.").format(
                path=path
            )
        )
    found = scan_image_files(path, options)
    return replace(
        found,
        path=EMOJI,
        preview=replace(found.preview, guesses=()),
        state=EMOJI_SHA256,
        names=[PurePosixPath(name).stem for name in found.names],
        in_processes=False,  # to start processes takes longer than to decode so few images
        patience_s=_PATIENCE_S,
    )


SOURCE = prepared_source(
    title=_("Emoji"),
    help=_("1,906 emoji in colour, in nine classes, which ship with the program."),
    name="emoji",
    recognises=lambda _: False,
    preview=lambda _: _PREVIEW,
    scan=lambda _, options: scan_emoji(options),
    options=("size", "crop_factor", "grey", "limit", "background"),
)
