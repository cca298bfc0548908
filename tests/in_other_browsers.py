"""Drives Firefox and WebKitGTK by WebDriver's commands. They are messages in JSON, so no library is needed.

Both browsers send whatever they ask of a network to a proxy, which notes and refuses it. WebKit says which
files a page asks for, too. Firefox does not, nor what a page's scripts say by `console.error`, which none of
ours calls; what a page's policy forbids is an error in both.
"""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from acceptance.waiting import eventually
from ports import free_ports

SIZE = "() => [innerWidth, innerHeight]"

IS_BUILT = "() => !document.querySelector('main').hidden"

BOX = """(selector) => {
  const element = document.querySelector(selector);
  element.scrollIntoView({ block: "center" });
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height];
}"""

NOTE = """() => {
  const note = ({ clientX, clientY }) => window.been.push([clientX, clientY]);
  addEventListener("pointerdown", (event) => {
    window.been = [];
    note(event);
  }, true);
  addEventListener("pointermove", (event) => {
    if (window.been) event.getCoalescedEvents().forEach(note);
  }, true);
}"""
"""Lets a page note where a pointer has been since it was pressed."""


class Proxy(ThreadingHTTPServer):
    """Notes in `asked` which address each request is for, and refuses it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Refusal(BaseHTTPRequestHandler):
    def handle_one_request(self):
        line = self.rfile.readline().decode("latin-1").split()
        self.close_connection = True
        if line:
            self.server.asked.append(line[1])
            self.wfile.write(b"HTTP/1.1 502 Refused\r\nContent-Length: 0\r\n\r\n")


class Browser(ABC):
    """A browser, until it leaves its `with`."""

    pointer_on_phone = "mouse"
    sees_files = False
    version = ""

    def __init__(self):
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        self.log = self.folder / "log"
        self.proxy = self._stack.enter_context(Proxy())
        self._stack.callback(self.proxy.shutdown)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    def spawn(self, *command):
        """Start a program; it and all that it starts end with this."""
        home = {"HOME": str(self.folder), "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, env=os.environ | home, stdout=log, stderr=log, start_new_session=True
            )
        self._stack.callback(process.wait)
        self._stack.callback(os.killpg, process.pid, signal.SIGTERM)

    @abstractmethod
    def start(self):
        """Start the browser, and a session."""

    @abstractmethod
    def command(self, name, **about):
        """Run a command of WebDriver: url, execute/sync or actions."""

    @abstractmethod
    def resize(self, width, height):
        """Make the page as large as this."""

    @abstractmethod
    def forget(self):
        """Forget what pages have requested and complained about."""

    @abstractmethod
    def complaints(self):
        """Errors since then."""

    @abstractmethod
    def requests(self):
        """Whatever the page has asked for since then, itself left out."""

    def evaluate(self, function, *arguments):
        """Call a function of JavaScript, which may be asynchronous."""
        return self.command("execute/sync", script=f"return ({function})(...arguments)", args=list(arguments))

    def show(self, path, size):
        """Open a page in a size."""
        self.resize(*size)
        self.forget()
        self.command("url", url=path.as_uri())
        assert self.evaluate(SIZE) == list(size)
        self.evaluate(NOTE)

    @contextmanager
    def opened(self, path, size):
        """A page, which may request nothing but itself, and complain about nothing."""
        self.show(path, size)
        eventually(lambda: self.evaluate(IS_BUILT), "the page")
        yield
        assert self.requests() == [], self.requests()
        assert self.complaints() == [], self.complaints()

    def drag(self, selector, places, pointer="mouse"):
        """Press a pointer at the first of places, move it to the others, and lift it.

        Args:
            places: (x, y) in units of the element's sides.

        Returns:
            The places where the browser says that it has been: pointers are moved to whole pixels of the
            screen, and Firefox paints what is scrolled on whole pixels, too.
        """
        left, top, width, height = self.evaluate(BOX, selector)
        pixels = [(round(left + x * width), round(top + y * height)) for x, y in places]
        moved = [place for place, last in zip(pixels, [None, *pixels], strict=False) if place != last]
        moves = [{"type": "pointerMove", "duration": 0, "x": x, "y": y} for x, y in moved]
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        about = {"type": "pointer", "id": pointer, "parameters": {"pointerType": pointer}}
        self.command("actions", actions=[{**about, "actions": [moves[0], down, *moves[1:], up]}])
        been = self.evaluate("() => window.been")
        np.testing.assert_allclose(been, moved, atol=0.75)
        return [((x - left) / width, (y - top) / height) for x, y in been]


NAMES = {
    "url": "WebDriver:Navigate",
    "execute/sync": "WebDriver:ExecuteScript",
    "actions": "WebDriver:PerformActions",
}
"""Firefox's own names of WebDriver's commands."""

PREFERENCES = {
    "marionette.port": 0,
    "services.settings.server": "data:,none",
    "network.proxy.type": 1,
    "network.proxy.allow_hijacking_localhost": True,
    "dom.w3c_touch_events.enabled": 1,
}

RESIZE = """(width, height) => {
  const { style } = gBrowser.selectedBrowser;
  style.minWidth = style.maxWidth = `${width}px`;
  style.minHeight = style.maxHeight = `${height}px`;
}"""
"""Firefox's own window would be 500 pixels wide."""

WATCH = """() => {
  window.ownHosts = [];
  Services.obs.addObserver((channel) => {
    channel.QueryInterface(Ci.nsIHttpChannel);
    if (channel.loadInfo.triggeringPrincipal.isSystemPrincipal) window.ownHosts.push(channel.URI.host);
  }, "http-on-opening-request");
}"""
"""Lets Firefox note where it looks for updates and the like: no page asks for that."""

ERRORS = """() => Services.console.getMessageArray()
  .filter((each) => each instanceof Ci.nsIScriptError && each.logLevel === Ci.nsIConsoleMessage.error)
  .filter(({ sourceName }) => !/^(chrome|resource):/.test(sourceName)) // of the browser itself
  .map(({ message }) => message)"""


class Firefox(Browser):
    """Firefox without a window, over its own socket: a message is its length, a colon, and JSON."""

    pointer_on_phone = "touch"

    def start(self):
        host, port = self.proxy.server_address
        proxies = {"http": host, "http_port": port, "ssl": host, "ssl_port": port}
        preferences = PREFERENCES | {f"network.proxy.{name}": value for name, value in proxies.items()}
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()
        ]
        (self.folder / "user.js").write_text("\n".join(lines), "utf-8")
        options = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
        self.spawn("firefox-esr", *options, "--profile", str(self.folder))
        written = self.folder / "MarionetteActivePort"
        eventually(lambda: written.exists() and written.read_text(), "Firefox")
        self._socket = self._stack.enter_context(
            socket.create_connection(("127.0.0.1", int(written.read_text())))
        )
        self._replies = self._stack.enter_context(self._socket.makefile("rb"))
        self._read()
        self.version = self._send("WebDriver:NewSession")["capabilities"]["browserVersion"]
        self._in_browser(WATCH)

    def command(self, name, **about):
        return self._send(NAMES[name], **about)["value"]

    def resize(self, width, height):
        self._send("WebDriver:SetWindowRect", width=width + 100, height=height + 200)
        self._in_browser(RESIZE, width, height)

    def forget(self):
        self.proxy.asked.clear()
        self._in_browser("() => Services.console.reset()")

    def complaints(self):
        return self._in_browser(ERRORS)

    def requests(self):
        own = self._in_browser("() => window.ownHosts")
        return [address for address in self.proxy.asked if address.split(":")[0] not in own]

    def _in_browser(self, function, *arguments):
        """Evaluate in the browser itself instead of the page."""
        self._send("Marionette:SetContext", value="chrome")
        try:
            return self.evaluate(function, *arguments)
        finally:
            self._send("Marionette:SetContext", value="content")

    def _send(self, name, **about):
        message = json.dumps([0, 0, name, about]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{name}: {error['message']}")
        return result

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            length += self._replies.read(1)
        return json.loads(self._replies.read(int(length[:-1])))


class WebKit(Browser):
    """WebKitGTK in a window of `tools/webkit_window.py`, on a screen of its own, by WebKit's driver."""

    sees_files = True

    def start(self):
        (port,) = free_ports(1)
        screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
        self.spawn(*screen, "WebKitWebDriver", f"--port={port}")
        self._base = f"http://127.0.0.1:{port}"
        eventually(self._is_ready, "WebKit's driver")
        window = Path(__file__).parent / "tools" / "webkit_window.py"
        # Else, what the page says would stay in a buffer.
        program = {"binary": "stdbuf", "args": ["-oL", "/usr/bin/python3", str(window), str(self.log)]}
        address = "{}:{}".format(*self.proxy.server_address)
        proxy = {"proxyType": "manual", "httpProxy": address, "sslProxy": address}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": program, "proxy": proxy}}
        self._base += "/session/" + self._send("session", capabilities=wanted)["sessionId"]
        (self.version,) = self._lines("VERSION (.+)")

    def command(self, name, **about):
        return self._send(name, **about)

    def resize(self, width, height):
        self.command("window/rect", x=0, y=0, width=width, height=height)

    def forget(self):
        self.proxy.asked.clear()
        os.truncate(self.log, 0)

    def complaints(self):
        return self._lines("(.*CONSOLE.* ERROR .*)")

    def requests(self):
        """Blobs are not among them: to read one, which is in memory, counts as a request here."""
        _page, *others = self._lines("REQUEST (.+)")
        return [*self.proxy.asked, *(each for each in others if not each.startswith("blob:"))]

    def _lines(self, pattern):
        return re.findall(f"^{pattern}$", self.log.read_text("utf-8", "replace"), re.MULTILINE)

    def _is_ready(self):
        with suppress(OSError):
            return self._ask(f"{self._base}/status", None)["ready"]

    def _send(self, name, **about):
        return self._ask(f"{self._base}/{name}", json.dumps(about).encode())

    def _ask(self, address, message):
        request = urllib.request.Request(address, message, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{address}: {error.read().decode()}") from error
