"""The windowed program of the packaged app."""

import os
import sys

# A program without a console has no standard streams on Windows, and libraries write to them all the same.
sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (open to the end)
sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115

from cadl_gui.app import main  # noqa: E402

sys.exit(main())
