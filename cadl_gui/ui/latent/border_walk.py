"""The walk from one image to another, to the place where the classifier changes its answer."""

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from cadl_gui.domain.class_names import class_name
from cadl_gui.domain.formatting import percent_text
from cadl_gui.imaging.latent.borders import borders
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.figures.hover_text import send_hover_text
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.layer_bar import LatentLayerBar
from cadl_gui.ui.latent.path_steps import PathSteps
from cadl_gui.ui.latent.paths import KINDS, MOVEMENT
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.plane_prompt import PlanePrompt
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

if TYPE_CHECKING:
    from cadl_gui.domain.view import View

_FIRST, _SECOND = _("Click a dot of one class."), _("Now a dot of another class.")
_MISSED = _("No dot is there.")
_CLEARED = _("Your pins are cleared: Undo brings them back.")
_NO_CLASSIFIER = _("Train or open a classifier of such images first.")
_NO_BORDER = _("The classifier gives one answer all along this path. Choose images of two classes.")


class BorderWalk(QObject):
    """Makes a path between the next two images that the user clicks, and goes to its border.

    Args:
        theme: Icons.
        shown: Supplies the epoch of the pins.
        classifier: The run that classifies, if any.
        animation: Has the path, and moves the handle along it.
        steps: Classifies the path; its strip says what is to be clicked, too.
        layers: Shows where the answers change, on the plane that is clicked.

    Attributes:
        action_set: The action of `ROWS`.
    """

    def __init__(
        self,
        theme: Theme,
        shown: TabRun,
        classifier: TabRun,
        animation: LatentAnimation,
        steps: PathSteps,
        layers: LatentLayerBar,
    ) -> None:
        super().__init__(animation)
        plane_controller = layers.controller
        self._strip = steps.strip
        self._layers = layers
        self._prompt = PlanePrompt(theme, plane_controller.plane)
        self._shown = shown
        self._classifier = classifier
        self._plane_controller = plane_controller
        self._animation = animation
        self._n_clicked: int | None = None
        self._asked: View | None = None
        self.action_set = ActionSet(ROWS, self, theme, plane_controller.plane)
        plane_controller.plane.pressed.connect(self._on_pressed)
        plane_controller.points_changed.connect(self.action_set.refresh)
        classifier.run_changed.connect(self._on_classifier)
        shown.run_changed.connect(self._stop)
        animation.taken.connect(self._on_taken)
        steps.answered.connect(self._on_answered)

    @property
    def is_choosing(self) -> bool:
        """Whether the next press on the plane chooses an image."""
        return self._n_clicked is not None

    @property
    def can_walk(self) -> bool:
        """Whether there are a classifier, and images to click."""
        return self._classifier.run is not None and len(self._plane_controller.latents) > 0

    def toggle(self) -> None:
        """Ask for two images, or stop asking."""
        if self.is_choosing:
            self._stop()
            return
        self._animation.stop()
        had_pins = bool(self._animation.paths.pins)
        self._animation.paths.clear_pins()
        if self._animation.paths.kind == MOVEMENT:
            self._animation.paths.set_kind(KINDS[0])
        self._set_clicked(0)
        self.action_set.refresh()
        self._layers.show_layer(LatentLayer.CLASSIFIER, shown=True)
        self._ask(_FIRST)
        if had_pins:
            self._prompt.ask(f"{_FIRST} {_CLEARED}")

    @Slot()
    def _on_classifier(self) -> None:
        """Stop asking if there is no classifier any more, since the action could not be switched off."""
        if self.is_choosing and self._classifier.run is None:
            self._stop()
        self.action_set.refresh()

    @Slot()
    def _on_taken(self) -> None:
        """Stop asking, since a drift, a path or a drawing moves the handle now."""
        if self.is_choosing:
            self._stop()

    @Slot()
    def _stop(self) -> None:
        self._set_clicked(None)
        self._asked = None
        self.action_set.refresh()
        self._ask("")

    def _ask(self, text: str) -> None:
        """Say what is to be clicked next; "" once nothing is."""
        self._strip.ask(text)
        self._prompt.ask(text)

    def _tell(self, text: str) -> None:
        """Say where the answer changes."""
        self._strip.show_note(text)
        send_hover_text(self._plane_controller.plane.window(), text)

    def _set_clicked(self, n: int | None) -> None:
        """Set how many dots were clicked; meanwhile a press does not move the handle."""
        self._n_clicked = n
        self._plane_controller.plane.takes_handle = n is None

    @Slot(float, float)
    def _on_pressed(self, z0: float, z1: float) -> None:
        run = self._shown.run
        if self._n_clicked is None or run is None:
            return
        latent = self._plane_controller.latent_at(z0, z1)
        if latent is None:
            self._ask(f"{_MISSED} {_SECOND if self._n_clicked else _FIRST}")
            return
        self._animation.paths.pin(latent, (self._shown.position or run.newest).epoch)
        is_second = self._n_clicked > 0
        self._asked = self._animation.view.value if is_second else None
        self._set_clicked(None if is_second else 1)
        self.action_set.refresh()
        self._ask("" if is_second else _SECOND)

    @Slot(object)
    def _on_answered(self, probabilities: NDArray[Any] | None) -> None:
        """Go to the border nearest to the middle."""
        run = self._classifier.run
        asked, self._asked = self._asked, None
        if not self._animation.is_as(asked) or probabilities is None or run is None:
            return  # without an answer now, the walk is over: a later one would move the handle at any time
        crossed = borders(probabilities)
        if not crossed:
            self._tell(_NO_BORDER)
            return
        border = min(crossed, key=lambda border: abs(border.share - 0.5))
        self._animation.go_along(border.share)
        before, after = (class_name(run.description.class_names, k) for k in (border.before, border.after))
        self._tell(
            _("{before} becomes {after} at {share} of the path.").format(
                before=before, after=after, share=percent_text(border.share, 0)
            )
        )


ROWS: tuple[ActionRow[BorderWalk], ...] = (
    ActionRow(key="borderWalk", menu="Latent", text="Walk the border", shortcuts=("X",), checkable=True,
              help="Click two dots: a path leads from one to the other, to where the answer changes.",
              callback=BorderWalk.toggle, checked=lambda host: host.is_choosing,
              enabled=lambda host: host.can_walk, why_not=lambda _: _NO_CLASSIFIER),
)  # fmt: skip
