"""A single tab on NumPy backends."""

import pytest
from PySide6.QtWidgets import QWidget
from trained import knows_the_end, train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.latent.tab import LatentTab
from cadl_gui.ui.tab_page import PageContext


@pytest.fixture
def shown(qtbot, qapp, engine, theme, settings):
    """Shows a tab of a class, as large as in a window of 1440×900, with the fake backends loaded."""

    def shown(kind):
        tab = kind(PageContext(engine, theme, settings, {}))
        qtbot.addWidget(tab)
        tab.resize(1208, 748)
        tab.show()
        qtbot.waitExposed(tab)
        engine.load()
        qtbot.waitUntil(lambda: engine.is_ready)
        return tab

    theme.prepare(qapp)
    theme.apply(qapp)
    theme.changed.connect(engine.view.ask)  # as the window does
    return shown


@pytest.fixture
def find(tab):
    """Finds a part of the test's `tab` by its objectName."""

    def find(name, kind=QWidget):
        widget = tab.findChild(kind, name)
        assert widget is not None, name
        return widget

    return find


@pytest.fixture
def train_vae(qtbot, engine, tab):
    """Trains a variational network, and waits until the Latent tab has the latents of its last epoch."""

    def train_vae(**changes):
        run = train(qtbot, engine, preset("vae").config.replace(epochs=2, **changes))
        qtbot.waitUntil(lambda: knows_the_end(tab))
        return run

    return train_vae


@pytest.fixture
def choose(tab, find, file_dialogs):
    """Chooses an entry of the Latent tab’s export menu, and a file in its dialog."""

    def choose(text, path=None, kind=""):
        file_dialogs.answer(path, kind)
        actions = find("exportButton").menu().actions()
        next(action for action in actions if action.text() == text).trigger()

    return choose


@pytest.fixture
def pin(find):
    """Pins a latent vector by typing it."""

    def pin(*latent):
        for i, number in enumerate(latent):
            find(f"latentSpin{i}").setValue(number)
        find("pinButton").click()

    return pin


@pytest.fixture
def vae_tab(qtbot, engine, shown):
    """The Latent tab, with a trained network of two latents."""
    tab = shown(LatentTab)
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    qtbot.waitUntil(lambda: knows_the_end(tab))
    assert len(tab.findChild(QWidget, "latentPlane").points) == 50
    return tab


@pytest.fixture
def tab(vae_tab):
    return vae_tab


@pytest.fixture
def held(engine, monkeypatch):
    """Lets requests to the networks wait in a list, until what it returns is called."""
    send, waiting = engine.inference.send, []

    def release():
        monkeypatch.setattr(engine.inference, "send", send)
        while waiting:
            send(waiting.pop(0))

    def hold():
        monkeypatch.setattr(engine.inference, "send", waiting.append)
        return release, waiting

    return hold
