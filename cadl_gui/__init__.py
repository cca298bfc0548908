"""cadl_gui: watch small neural networks learn, and explore by hand what they have learned."""

import os

__version__ = "0.1.0"

# Read when NumPy is first imported. Its linear algebra's threads wait for each other by spinning: beside
# a training the window stood still for up to 500 ms over what a single thread computes in half a millisecond.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Read when TensorFlow computes for the first time. Where oneDNN is on, tensors of 256 KB and more come from a
# pool otherwise, which grows by doubling and never gives anything back: a single large answer stays for good.
os.environ.setdefault("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "1")
