"""`python -m cadl_gui.cli` is `cadl`."""

import sys

from cadl_gui.cli import main

sys.exit(main())
