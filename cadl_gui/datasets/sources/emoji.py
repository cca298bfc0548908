"""The shipped Emoji dataset, and the command that creates its archive from the package that it comes from.

python -m cadl_gui.datasets.sources.emoji PACKAGE.tgz OUT.zip

PACKAGE.tgz is https://registry.npmjs.org/emoji-datasource-google/-/emoji-datasource-google-16.0.0.tgz.
"""

import argparse
import sys
from pathlib import Path

from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan, Preview
from cadl_gui.domain.errors import DatasetError
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


def _main() -> None:
    from cadl_gui.datasets.emoji_archive import write_emoji

    parser = argparse.ArgumentParser(description="Make emoji.zip from the package emoji-datasource-google.")
    parser.add_argument("package", type=Path, help="archive of the package, .tgz")
    parser.add_argument("out", type=Path, help="ZIP archive to write")
    arguments = parser.parse_args()
    try:
        write_emoji(arguments.package, arguments.out)
    except (DatasetError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    _main()
