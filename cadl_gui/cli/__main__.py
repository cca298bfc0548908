"""Runs `cadl` as `python -m cadl_gui.cli`."""

import sys

from cadl_gui.cli import main

sys.exit(main())
