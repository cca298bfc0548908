"""The kinds of networks: what each can be asked for, and what it is judged by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.exports import CLASSIFY, DECODE, ENCODE, RECONSTRUCT, Format, NetworkFunction
from cadl_gui.domain.forward_pass import ForwardPass
from cadl_gui.system.words import _

_WITHOUT_DECIMALS = 10_000
"""From this loss on, as of large images in colour, decimals are left out."""


@dataclass(frozen=True, eq=False)
class Kind:
    """What all networks of a kind have in common.

    Attributes:
        name: name for users, with its article.
        functions: what they compute, the default function first.
        metric: the validation metric by which epochs and runs are compared.
        best: selects the best of its values.
        text: formats it with its name: “97.8 % correct”, “loss 134.4”, “loss 12504”, “loss 0.0324”.
        loss: what the loss is, for users, without an article.
        help: a sentence for users: what `text` gives, and which values are better.
        forward_pass: how they compute their functions.
    """

    name: str
    functions: tuple[NetworkFunction, ...]
    metric: str
    best: Callable[..., Any]
    text: Callable[[float], str]
    loss: str
    help: str
    forward_pass: type[ForwardPass] = ForwardPass

    def functions_for(self, made: Format, name: str | None = None) -> tuple[NetworkFunction, ...]:
        """Select the functions to export.

        Args:
            name: name of one function; None or "" selects all if the format holds all, else the first.

        Raises:
            UserError: if networks of this kind have no such function.
        """
        if not name:
            return self.functions if made.holds_all else self.functions[:1]
        chosen = tuple(function for function in self.functions if function.name == name)
        if not chosen:
            can = ", ".join(function.name for function in self.functions)
            raise UserError(
                _("{what} cannot {name}; its functions: {can}.").format(
                    what=self.name.capitalize(), name=name, can=can
                )
            )
        return chosen


CLASSIFIER = Kind(
    _("a classifier"), (CLASSIFY,), "val_accuracy", max,
    lambda share: _("{value:.1f} % correct").format(value=100 * share),
    _("improbability of the right class"), _("The share of images that are classified correctly."),
)  # fmt: skip
AUTOENCODER = Kind(
    _("an autoencoder"), (RECONSTRUCT, ENCODE, DECODE), "val_loss", min, _("loss {:.4f}").format,
    _("squared error per pixel"), _("The loss is the squared error per pixel; lower is better."),
)  # fmt: skip
VARIATIONAL = Kind(
    AUTOENCODER.name, AUTOENCODER.functions, "val_loss", min,
    lambda loss: (_("loss {:.1f}") if loss < _WITHOUT_DECIMALS else _("loss {:.0f}")).format(loss),
    _("cost of describing an image"),
    _(
        "The loss is the cost of describing an image, with its latent vector, in nats (1.44 bits); lower is "
        "better."
    ),
)  # fmt: skip

KINDS = {"autoencoder": AUTOENCODER, "classifier": CLASSIFIER}
"""Kinds by the value of the field `model`; the rest of a name after a dash says which fields a kind has."""
