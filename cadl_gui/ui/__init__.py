"""The window and everything visible, on top of the engine."""

import sys

from cadl_gui.ui.import_hook import import_without_hook

import_without_hook()

if sys.version_info < (3, 12):
    from cadl_gui.ui.override_errors import catch_override_errors

    catch_override_errors()
