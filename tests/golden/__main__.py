"""Compares the program's current outputs with the committed ones.

    python tests/golden [--write]

The outputs are those for the shipped runs: all renderings, answers, metrics, and the weights of a resumed
run. On the recorded processor and with the recorded libraries, they have to be equal to the last bit;
elsewhere, floats are rounded differently, so numbers and small copies of the images are compared within
tolerances. Without `--write`, it prints the differences and ends with status 1 if there are any.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
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
    """Write one line for each output, so that differences name it."""
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
