"""Why a classifier answers as it does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Evidence:
    """What each pixel adds to the logit of each label: gradient × input (Shrikumar et al., 2016).

    The gradient of softmax regression is its weights (lecture, *Fully Connected Network*), so that there the
    sum over the pixels and the bias are the logit. Behind ReLU the bias is what the network's biases and its
    mean image add along the paths that this image opens.

    Attributes:
        contributions: (n_classes, height, width, channels) float32.
        logits: (n_classes,) float32, what the softmax turns into probabilities.
    """

    contributions: NDArray[np.float32]
    logits: NDArray[np.float32]

    @property
    def sums(self) -> NDArray[np.float32]:
        """Of the contributions to each logit, (n_classes,) float32."""
        sums: NDArray[np.float32] = self.contributions.sum(axis=(1, 2, 3))
        return sums

    @property
    def biases(self) -> NDArray[np.float32]:
        """The rest of each logit, which does not come from the pixels, (n_classes,) float32."""
        return self.logits - self.sums
