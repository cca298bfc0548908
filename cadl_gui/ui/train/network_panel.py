"""The network that a configuration describes, and what it takes to train it."""

from PySide6.QtWidgets import QWidget

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.estimate import estimate
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.train.network_diagram import NetworkDiagram

_NO_DATASET = _("The network appears once its images are open.")


class NetworkPanel(QWidget):
    """Draws the network to be built, over a line about images, disk and memory.

    Args:
        theme: for the diagram.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        heading = label(_("Network of the next run"), "networkTitle", secondary=True)
        self._diagram = named(NetworkDiagram(theme), "networkDiagram")
        self._room_line = wrapped_label("", "roomLine", secondary=True)
        theme.stage.put(When.DETAILS, self._room_line)
        column_in(self, UNIT_PX, heading, self._diagram, self._room_line, None)

    def show_no_dataset(self) -> None:
        """Say that the images, and so the network, cannot be known."""
        self._diagram.set_spec(None, _NO_DATASET)
        self._room_line.clear()

    def show_network(self, config: RunConfig, preview: Preview) -> None:
        """Draw a network for the images of a dataset."""
        spec = model_spec(config.model, preview.image_shape, len(preview.class_names))
        self._room_line.setText(
            _("{preview}\nA run takes {estimate}").format(preview=preview, estimate=estimate(config, spec))
        )
        self._diagram.set_spec(spec)
