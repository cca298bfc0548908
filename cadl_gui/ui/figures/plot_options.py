"""What can be chosen for the plot of the Train tab."""

from PySide6.QtWidgets import QCheckBox, QWidget

from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import label, named, row_in
from cadl_gui.ui.theme.stage import Stage, When
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_SMOOTHING_STEPS = 20


class PlotOptions(QWidget):
    """Accuracy, KL divergence or loss, a logarithmic axis, and the smoothing of the train loss."""

    def __init__(self, view: ViewState, stage: Stage) -> None:
        super().__init__()
        self._view, self._stage = view, stage
        self._is_classifier = self._is_variational = False
        tip = _("Plot the accuracy instead of the loss")
        self._accuracy_check = named(QCheckBox(_("Accuracy")), "accuracyCheck", tip)
        tip = explained(
            _("Plot the part of the loss that grows with what latent vectors say of images"), "KL"
        )
        self._kl_check = named(QCheckBox("KL"), "klCheck", tip)
        tip = _("Draw the loss on a logarithmic axis")
        self._log_check = named(QCheckBox(_("Log axis")), "logAxisCheck", tip)
        tip = _("Smooth the train loss: a moving average over its past")
        self._slider = named(JumpSlider(), "smoothingSlider", tip, says=_("Smoothing of the train loss"))
        self._slider.setRange(0, _SMOOTHING_STEPS - 1)
        self._slider.setMinimumWidth(48)
        self._slider.setMaximumWidth(96)
        caption = label(_("Smoothing"), secondary=True)
        checks = self._accuracy_check, self._kl_check, self._log_check
        row_in(self, GAP_SMALL_PX, *checks, None, caption, (self._slider, 1))
        stage.put(When.DETAILS, self._kl_check, self._log_check, caption, self._slider)
        Chosen(self._accuracy_check, view, "train", "accuracy")
        Chosen(self._kl_check, view, "train", "kl")
        Chosen(self._log_check, view, "train", "log")
        Chosen(self._slider, view, "train", "smoothing")
        view.bind(self, lambda: view.value.train, self._show_choices)

    @property
    def chosen_metric(self) -> str:
        """What is plotted of the run: `loss`, `accuracy` or `kl_loss`."""
        chosen = self._view.value.train
        if self._is_classifier and chosen.accuracy:
            return "accuracy"
        return "kl_loss" if self._is_variational and chosen.kl else "loss"

    @property
    def smoothing(self) -> float:
        """The weight of the past in a moving average, in [0, 1)."""
        return min(self._view.value.train.smoothing, _SMOOTHING_STEPS - 1) / _SMOOTHING_STEPS

    def set_kind(self, *, is_classifier: bool, is_variational: bool) -> None:
        """Offer the accuracy, which only classifiers have, or the KL divergence of variational networks."""
        self._is_classifier, self._is_variational = is_classifier, is_variational
        self._show_choices()

    def _show_choices(self) -> None:
        """Disable the logarithmic axis for accuracy, which lies between 0 and 1."""
        self._accuracy_check.setVisible(self._is_classifier)
        self._stage.show(self._kl_check, self._is_variational)
        self._log_check.setEnabled(self.chosen_metric != "accuracy")
