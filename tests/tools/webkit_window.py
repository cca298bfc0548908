"""A window that WebKit's driver drives: the page and nothing else, in any size. Debian's own Python runs it.

Debian's MiniBrowser is wider than a phone, and its pages log nothing while it is driven. Whatever a page
requests or complains about is a line of the file that the first argument names.
"""

import os
import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

with Path(sys.argv[1]).open("ab") as log:
    for output in (1, 2):
        os.dup2(log.fileno(), output)
version = [WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()]
print("VERSION", ".".join(map(str, version)), flush=True)
context = WebKit2.WebContext.get_default()
context.set_automation_allowed(True)
view = WebKit2.WebView(
    web_context=context,
    settings=WebKit2.Settings(enable_write_console_messages_to_stdout=True),
    is_controlled_by_automation=True,
)
view.connect(
    "resource-load-started",
    lambda _view, _resource, request: print("REQUEST", request.get_uri(), flush=True),
)
window = Gtk.Window(child=view)
window.show_all()
context.connect(
    "automation-started", lambda _context, session: session.connect("create-web-view", lambda _session: view)
)
Gtk.main()
