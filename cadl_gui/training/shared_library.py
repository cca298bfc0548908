"""Loads TensorFlow's shared library without stalling the window.

Both `import` and `ctypes.CDLL` hold Python's lock while the library is opened; a foreign function does not.
"""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def load_ahead() -> None:
    """Load the libraries of `import tensorflow` ahead of it, with the interpreter lock released.

    Python holds its lock while it loads an extension module, and TensorFlow's is about a gigabyte: the
    window would stand still for 0.3 s. So does `ctypes.CDLL`; but it releases the lock while a foreign
    function is called, such as the system's own loader. Libraries that are not where they are expected are
    skipped and loaded by the import.
    """
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.submodule_search_locations or not sys.platform.startswith("linux"):
        return
    folder = Path(spec.submodule_search_locations[0])
    open_library = ctypes.CDLL(None).dlopen
    open_library.restype = ctypes.c_void_p
    open_library.argtypes = ctypes.c_char_p, ctypes.c_int
    for name in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
        if (folder / name).exists():
            open_library(os.fsencode(folder / name), os.RTLD_NOW | os.RTLD_LOCAL)
