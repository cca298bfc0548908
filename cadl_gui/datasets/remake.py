"""The command that makes the shipped datasets anew from what they come from.

python -m cadl_gui.datasets.remake mnist SOURCE_FOLDER OUT.h5
python -m cadl_gui.datasets.remake emoji PACKAGE.tgz OUT.zip

SOURCE_FOLDER has the original four IDX files, compressed or not. PACKAGE.tgz is
https://registry.npmjs.org/emoji-datasource-google/-/emoji-datasource-google-16.0.0.tgz.
"""

import argparse
import sys
from pathlib import Path

from cadl_gui.datasets.emoji_archive import write_emoji
from cadl_gui.datasets.sources.mnist import write_mnist
from cadl_gui.domain.errors import DatasetError


def _main() -> None:
    parser = argparse.ArgumentParser(description="Make a shipped dataset anew from what it comes from.")
    parser.add_argument("dataset", choices=["mnist", "emoji"])
    parser.add_argument(
        "source", type=Path, help="mnist: folder of the four IDX files; emoji: the package, .tgz"
    )
    parser.add_argument("out", type=Path, help="file to write")
    arguments = parser.parse_args()
    write = write_mnist if arguments.dataset == "mnist" else write_emoji
    try:
        write(arguments.source, arguments.out)
    except (DatasetError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    _main()
