"""The tabs of the window, in order. Tabs do not import one another."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cadl_gui.ui.tab_page import TabPage


@dataclass(frozen=True)
class TabSpec:
    """A tab of the window. Its class defines its actions and the runs that suit it.

    Attributes:
        id: its name on the command line. The tab's objectName is `{id}Tab`.
        title: title of the tab and of its menu.
        help: one line for the View menu, the F1 page and the command line.
        where: its class, as “module:Class”; imported once the window has been painted.
    """

    id: str
    title: str
    help: str
    where: str

    @property
    def name(self) -> str:
        """Its objectName, which is also the key of the action that shows it."""
        return f"{self.id}Tab"

    def load(self) -> type[TabPage]:
        """Import its class."""
        page: type[TabPage] = resolve_name(self.where)
        return page


START_TAB = "trainTab"
"""objectName of the tab that is built before the first paint and shown at the first start."""

TABS = (
    TabSpec("data", "Data", "Look at the images of a dataset.", "cadl_gui.ui.data.tab:DataTab"),
    TabSpec("train", "Train", "Watch a network learn.", "cadl_gui.ui.train.tab:TrainTab"),
    TabSpec(
        "draw",
        "Draw",
        "Draw, or open an image, and see every network's answer.",
        "cadl_gui.ui.draw.tab:DrawTab",
    ),
    TabSpec(
        "latent",
        "Latent",
        "Explore the latent space of an autoencoder.",
        "cadl_gui.ui.latent.tab:LatentTab",
    ),
    TabSpec(
        "inspect",
        "Inspect",
        "Look at a network’s weights and activations, and change them.",
        "cadl_gui.ui.inspect.tab:InspectTab",
    ),
)
