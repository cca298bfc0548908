"""Loads TensorFlow's shared library without stalling the window."""

import ctypes
import importlib.util
import sys
from pathlib import Path


def load_ahead() -> None:
    """Load the libraries of `import tensorflow` ahead of it, with the interpreter lock released.

    Python holds its lock while it loads an extension module, and TensorFlow's is about a gigabyte: the
    window would miss frames for half a second. A foreign-function call to the system's loader releases the
    lock. Libraries that are not where they are expected are skipped and loaded by the import.
    """
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.submodule_search_locations or not sys.platform.startswith("linux"):
        return
    folder = Path(spec.submodule_search_locations[0])
    for name in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
        if (folder / name).exists():
            ctypes.CDLL(str(folder / name))
