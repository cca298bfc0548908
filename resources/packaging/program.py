"""Both programs of the packaged app: called `cadl` it is the command line, by any other name the window."""

import os
import sys
from pathlib import Path

# A program without a console has no standard streams on Windows, and libraries write to them all the same.
sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (open to the end)
sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115

if Path(sys.argv[0]).stem.lower() == "cadl":
    from cadl_gui.cli import main
else:
    from cadl_gui.app import main

sys.exit(main())
