"""Compares what the program gives now with the outputs that are committed.

    python tests/golden [--write]

Outputs are those of the runs that ship: every rendering, answers, measurements, and a resumed run's weights.
On a processor and with libraries as recorded beside them they have to be the same to the last bit; elsewhere
floats are rounded otherwise, and numbers and small copies of the images are compared within limits. Without
`--write` it prints what is other and ends with status 1 if anything is.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1]))

from PIL import Image

from golden.comparison import differences
from golden.environment import environment
from golden.outputs import outputs

COMMITTED = Path(__file__).parent / "outputs.json"
IMAGES = Path(__file__).parent / "pictures"
_IF_MEANT = "If this is meant: python tests/golden --write, look at the images, and commit."


def main() -> int:
    """Compare, or write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the outputs anew")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        given, images = outputs(Path(folder))
    now = {"environment": environment(), "outputs": given}
    if write:
        _write(now, images)
        return 0
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    exactly = now["environment"] == committed["environment"]
    reported = differences(given, committed["outputs"], images, IMAGES, exactly=exactly)
    if reported:
        how = (
            "to the last bit" if exactly else "within limits: processor or libraries are other than recorded"
        )
        sys.stdout.write("\n".join((f"Compared {how}.", *reported)) + "\n")
        sys.stdout.write("If this is meant: python tests/golden --write, look at it, and commit it.\n")
    return 1 if reported else 0


def _write(now: dict[str, Any], images: dict[str, Image.Image]) -> None:
    """A line for each output, so that a difference names it."""
    sections = [
        f"{json.dumps(section)}: {{\n"
        + ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
        + "\n}"
        for section, values in now.items()
    ]
    COMMITTED.write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")
    IMAGES.mkdir(exist_ok=True)
    for path in IMAGES.glob("*.png"):
        path.unlink()
    for name, image in images.items():
        image.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
