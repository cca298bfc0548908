"""cadl_gui: watch small neural networks learn, and explore by hand what they have learned."""

import os

__version__ = "0.1.0"

# Read when NumPy is first imported. The threads of its linear algebra wait by spinning: beside a training,
# the window froze for up to 500 ms over what a single thread computes in half a millisecond.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Read when TensorFlow first computes. With oneDNN, tensors of 256 KB and more would otherwise come from a
# pool that grows by doubling and never shrinks, so a single large answer would occupy memory for good.
os.environ.setdefault("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "1")

# Read when Qt first paints. Otherwise, other threads paint parts of what is large, and the window's waits for
# them: beside a training, which occupies the processors, a frame of a drag took up to three times as long.
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
