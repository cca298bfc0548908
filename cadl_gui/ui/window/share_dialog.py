"""The dialog behind File → Share in this room…: a web page of networks for the devices in a room."""

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QProcess, QProcessEnvironment, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QLabel, QLayout, QProgressBar, QWidget

from cadl_gui.domain.exports import IF_NOT_FOUND, ExportStage
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.controls.no_scroll_combo_box import named_combo
from cadl_gui.ui.controls.number_spin import IntegerSpin
from cadl_gui.ui.controls.parts import label, named
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX
from cadl_gui.ui.window.command import UTF_8, command
from cadl_gui.ui.window.page_networks import PageNetworks

_LETTERS_WIDE = 60
_ONLY_HERE = "127.0.0.1"
_PORT, _PORTS = 8_000, (1_024, 65_535)
_SHARE_OF_SCREEN = 0.4
"""Height of the QR code: it is scanned from the last row."""
_QUIET_MODULES = 4
"""The margin that the standard of QR codes asks for."""

_ABOUT = _(
    "The page draws and answers on each device, which keeps it without this computer. Until you stop or "
    "close this, whoever is in the same network can open it, and nothing else of this computer."
)
_NO_NETWORK = _(
    "This computer is in no network, so only it can open the page. Join the Wi-Fi of the room, and open this "
    "again."
)
_STILL_CANCELLING = _("The export that you cancelled has not ended yet. Try again in a moment.")
_STOPPED = _("Stopped. Nothing is shared.")


class ShareDialog(Dialog):
    """Makes a page as `ExportDialog` does, and lets `cadl share` serve it until it is stopped or closed.

    Strangers talk to the server, so it is a process of its own. It ends with its standard input, so also
    where the window is killed.

    Args:
        window: parent window.
        engine: makes the page.
        run: the first run of the page.
        position: position of its weights; None for the newest when the page is made.
        addresses: those of this computer in its networks; the first one is proposed.
    """

    def __init__(
        self, window: QWidget, engine: Engine, run: Run, position: Position | None, addresses: Iterable[str]
    ) -> None:
        super().__init__(window, "shareDialog", _("Share in this room"))
        self._exporting = engine.exporting
        self._scratch: TemporaryDirectory[str] | None = None
        self._is_making = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in UTF_8.items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._networks = PageNetworks("shareNetworksCombo", engine.runs, run, position)
        self._build(f"{display_name(run)} · {position or run.newest}", list(addresses))
        self._connect()
        self._show_state()

    def _build(self, what: str, addresses: list[str]) -> None:
        self._address = named_combo("shareAddressCombo", "", _("Where the page is served"))
        only_here = _("{only_here} (this computer only)").format(only_here=_ONLY_HERE)
        self._address.offer_entries([*zip(addresses, addresses, strict=True), (only_here, _ONLY_HERE)])
        self._port = named(IntegerSpin(), "sharePortSpin", _("Choose another one if it is taken"))
        self._port.setRange(*_PORTS)
        self._port.setValue(_PORT)
        self._choice = QWidget()
        form = QFormLayout(self._choice)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GAP_SMALL_PX)
        for text, field in (
            (_("Networks"), self._networks),
            (_("Address"), self._address),
            (_("Port"), self._port),
        ):
            form.addRow(text, field)
        self._code = named(QLabel(alignment=Qt.AlignmentFlag.AlignCenter), "shareCode", says=_("QR code"))
        self._url = label("", "shareUrl", textRole="value")
        self._url.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._url.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._bar = named(
            QProgressBar(textVisible=False), "shareProgress", says=_("Progress of making the page")
        )
        self._message = label(_ABOUT if addresses else _NO_NETWORK, "shareMessage", wraps=True)
        self._hint = label(IF_NOT_FOUND, "shareHint", wraps=True, secondary=True)
        buttons = self.close_button()
        action = QDialogButtonBox.ButtonRole.ActionRole
        self._stop = named(buttons.addButton(_("Stop"), action), "shareStopButton")
        self._start = named(buttons.addButton(_("Share"), action), "shareStartButton", primary=True)
        self._start.setDefault(True)
        parts = self._choice, self._code, self._url, self._bar, self._message, self._hint, buttons
        column = self.lay_out(GAP_PX, label(what, textRole="section"), *parts)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # as high as its contents
        width = self.fontMetrics().horizontalAdvance("x") * _LETTERS_WIDE
        for wrapped in (self._message, self._hint):
            wrapped.setFixedWidth(min(width, self.room.width() - 2 * GAP_PX))

    def _connect(self) -> None:
        self._start.clicked.connect(self._make)
        self._stop.clicked.connect(self._end)
        self._exporting.progressed.connect(self._on_progressed)
        self._exporting.finished.connect(self._on_made)
        self._exporting.failed.connect(self._on_failed)
        self._exporting.cancelled.connect(self._on_cancelled)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)

    @property
    def is_busy(self) -> bool:
        """Whether the page is being made."""
        return self._is_making

    def reject(self) -> None:
        """Close the dialog, and end what it does."""
        self._end()
        super().reject()

    @Slot()
    def _make(self) -> None:
        if self._port.has_error():
            self._report(_("The port is a number from {} to {}.").format(*_PORTS), is_error=True)
            return
        if self._exporting.is_busy:
            self._report(_STILL_CANCELLING, is_error=True)
            return
        self._scratch = TemporaryDirectory(ignore_cleanup_errors=True)
        self._is_making = True
        self._bar.setRange(0, 0)
        self._report(_("Fetching the weights…"))
        self._exporting.start_page(self._networks.chosen, Path(self._scratch.name, "page.html"))
        self._show_state()

    @Slot(object)
    def _on_progressed(self, stage: ExportStage) -> None:
        if self._is_making:
            self._bar.setRange(0, stage.n_stages)
            self._bar.setValue(stage.n_done)
            self._report(f"{stage.text}…")

    @Slot(object)
    def _on_made(self, _made: object) -> None:
        if not self._is_making or self._scratch is None:
            return
        self._is_making = False
        program, *arguments = command()
        place = ["--address", self._address.currentData(), "--port", str(self._port.value())]
        page = str(Path(self._scratch.name, "page.html"))
        self._process.start(program, [*arguments, "share", page, *place, "--until-input-ends", "--json"])
        self._report(_("Starting…"))
        self._show_state()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        if self._is_making:
            self._is_making = False
            self._settle(message)

    @Slot()
    def _on_cancelled(self) -> None:
        self._on_failed("")

    @Slot()
    def _on_output(self) -> None:
        while self._process.canReadLine():
            told = json.loads(bytes(self._process.readLine().data()))
            if "url" in told:
                self._remove_scratch()  # it has read the page
                self._show_address(told["url"])
                self._report(_("Running. No device has opened it yet."))
            else:
                self._report(
                    _("Running. Opened by {devices}.").format(devices=count_text(told["devices"], "device"))
                )

    @Slot()
    def _on_error(self) -> None:
        if self._process.error() is QProcess.ProcessError.FailedToStart:
            self._settle(
                _("The server cannot be started: {errorstring}.").format(
                    errorstring=self._process.errorString()
                )
            )

    @Slot()
    def _on_finished(self) -> None:
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        self._settle(said or _("The server has ended. Share again."))

    @Slot()
    def _end(self) -> None:
        if self._is_making:
            self._exporting.cancel()
            self._on_cancelled()
        elif self._process.state() is not QProcess.ProcessState.NotRunning:
            with QSignalBlocker(self._process):
                self._process.kill()
                self._process.waitForFinished()
            self._settle()

    def _settle(self, error: str = "") -> None:
        """Offer to share again, after an error or "", which stands for the wish to stop."""
        self._remove_scratch()
        self._report(error or _STOPPED, is_error=bool(error))
        self._code.clear()
        self._url.clear()
        self._show_state()

    def _remove_scratch(self) -> None:
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def _show_address(self, url: str) -> None:
        import segno

        modules = np.array([[*row] for row in segno.make(url, micro=False).matrix], np.uint8)
        image = np.pad(255 * (1 - modules), _QUIET_MODULES, constant_values=255)
        scale = max(2, int(_SHARE_OF_SCREEN * self.room.height()) // len(image))
        large = np.kron(image, np.ones((scale, scale), np.uint8))
        self._code.setPixmap(QPixmap.fromImage(array_image(large[..., None])))
        self._url.setText(url)
        self._show_state()

    def _show_state(self) -> None:
        is_running = self._process.state() is not QProcess.ProcessState.NotRunning
        is_idle = not (self._is_making or is_running)
        is_shown = bool(self._url.text())
        self._choice.setVisible(not is_shown)
        self._choice.setEnabled(is_idle)
        self._bar.setVisible(self._is_making)
        for widget in (self._code, self._url, self._hint):
            widget.setVisible(is_shown)
        self._start.setVisible(is_idle)
        self._stop.setVisible(not is_idle)

    def _report(self, message: str, *, is_error: bool = False) -> None:
        set_style_property(self._message, "invalid", is_error)
        self._message.setText(message)


def own_addresses() -> list[str]:
    """Return this computer's addresses in its networks, that by which others usually reach it first."""
    from cadl_gui.system.page_server import own_address

    usual = own_address()
    found = [
        address.toString()
        for address in QNetworkInterface.allAddresses()
        if address.protocol() is QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
        and not (address.isLoopback() or address.isLinkLocal())
    ]
    return sorted(found, key=lambda address: address != usual)
