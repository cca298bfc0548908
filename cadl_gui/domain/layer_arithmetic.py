"""What a layer computes beyond its weights, for all who compute it: Keras, NumPy and the views of weights."""

BATCH_NORMALISATION_EPSILON = 1e-3
"""Added to the variance; the default of Keras."""


def same_padding(length: int, side: int, stride: int) -> tuple[int, int]:
    """Return the number of zeros before and after a row or column of pixels, as TensorFlow's padding `SAME`.

    Args:
        length: number of pixels.
        side: number of the kernel's weights.
        stride: number of pixels from one application of the kernel to the next.
    """
    total = max(0, (-(-length // stride) - 1) * stride + side - length)
    return total // 2, total - total // 2
