"""The shipped Emoji dataset; see `emoji_archive`."""

from pathlib import Path

from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan, Preview
from cadl_gui.domain.preparing_options import PreparingOptions

_CLASSES = (
    "Activities", "Animals & Nature", "Flags", "Food & Drink", "Objects", "People & Body",
    "Smileys & Emotion", "Symbols", "Travel & Places",
)  # fmt: skip
_PREVIEW = Preview(1906, (64, 64, 3), _CLASSES)


def _scan(_: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.emoji_archive import scan_emoji

    return scan_emoji(options)


SOURCE = prepared_source(
    title="Emoji",
    help="1,906 emoji in colour, in nine classes, which ship with the program.",
    name="emoji",
    recognises=lambda _: False,
    preview=lambda _: _PREVIEW,
    scan=_scan,
    options=("size", "crop_factor", "grey", "limit", "background"),
)
