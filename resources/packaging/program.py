"""Both programs of the packaged app: called `cadl` it is the command line, by any other name the window."""

import multiprocessing
import os
import sys
from pathlib import Path

multiprocessing.freeze_support()  # a process that decodes images is this program, started again

# A program without a console has no standard streams on Windows, and libraries write to them all the same.
sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (open to the end)
sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115

# On Linux the bootloader has this process look for libraries in the app first. Programs that it starts have
# libraries of their own.
if "LD_LIBRARY_PATH_ORIG" in os.environ:
    os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")
else:
    os.environ.pop("LD_LIBRARY_PATH", None)

if Path(sys.argv[0]).stem.lower() == "cadl":
    from cadl_gui.cli import main
else:
    from cadl_gui.app import main

sys.exit(main())
