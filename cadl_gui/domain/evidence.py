"""Attribution of a classifier's logits to pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import ranked


@dataclass(frozen=True, eq=False)
class Evidence:
    """Contribution of each pixel to the logit of each class: gradient × input (Shrikumar et al., 2016).

    The gradient of softmax regression is its weights (lecture, *Fully Connected Network*), so the sum over
    the pixels plus the bias is the logit. In a ReLU network the bias is what the network's biases and its
    mean image contribute along the paths that are active for this image.

    Attributes:
        contributions: (n_classes, height, width, channels) float32.
        logits: (n_classes,) float32, before the softmax.
    """

    contributions: NDArray[np.float32]
    logits: NDArray[np.float32]

    def compared(self, other: int | None = None) -> tuple[int, ...]:
        """Return the label of the highest logit, and the one to compare it with.

        Args:
            other: label to compare with; None, or the first label itself, for that of the second logit.
        """
        labels: list[int] = ranked(self.logits).tolist()
        first, *others = labels
        if not others:
            return (first,)
        return first, other if other is not None and other in others else others[0]

    @property
    def sums(self) -> NDArray[np.float32]:
        """Sum of the contributions to each logit, (n_classes,) float32."""
        sums: NDArray[np.float32] = self.contributions.sum(axis=(1, 2, 3))
        return sums

    @property
    def biases(self) -> NDArray[np.float32]:
        """Part of each logit that does not come from the pixels, (n_classes,) float32."""
        return self.logits - self.sums
