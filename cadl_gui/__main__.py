"""`python -m cadl_gui` opens the window."""

import sys

from cadl_gui.app import main

sys.exit(main())
