"""The command line of the packaged app."""

import sys

from cadl_gui.cli import main

sys.exit(main())
