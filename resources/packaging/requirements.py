"""Prints what to install before the packaged app is built.

    python resources/packaging/requirements.py > requirements.txt

That is what pyproject.toml asks for, with `tensorflow-cpu` in place of `tensorflow` on Linux, where it is
half the size. For macOS and Windows there is only one TensorFlow, without GPU.
"""

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def requirements(platform: str) -> list[str]:
    """Requirements of the program and of its packaging, for a `sys.platform`."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["package"]]
    if not platform.startswith("linux"):
        return wanted
    return [re.sub(r"^tensorflow(?=[<>=~ ])", "tensorflow-cpu", requirement) for requirement in wanted]


if __name__ == "__main__":
    sys.stdout.write("\n".join(requirements(sys.platform)) + "\n")
