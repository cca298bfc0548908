"""Limits on untrusted files. One that concerns a single reader may stand there.

Each limit is checked before memory is allocated, and the error message names it. The limits allow files
several times as large as any from this program, the lecture or a teacher's own images; a file beyond them is
malicious, or not a file of that kind.
"""

MOST_IMAGE_BYTES = 2**27
"""Size of an image file: 134 MB. 25 megapixels without any compression take 75 MB."""

MOST_PIXELS = {"JPEG": 50_000_000, "HEIC": 51_000_000, "WEBP": 16_000_000, "AVIF": 20_000_000}
"""Pixels by format; see `MOST_PIXELS_ELSE`. A JPEG is decoded at reduced size, the others several times."""

MOST_PIXELS_ELSE = 25_000_000
"""Pixels of an image in any other format: a camera's 24 megapixels, in 230 MB of memory."""

MOST_FILM_PIXELS = 2304 * 4096
"""Pixels of a film's frame: 4K, in both usual widths. A frame may depend on sixteen others, in 230 MB."""

MOST_DECODING_BYTES = 3 * 2**28
"""Memory that a process which decodes files of others may take, on Linux: 805 MB beyond that of a new one."""

MOST_SCANS = 200
"""Scans of a JPEG, each of which goes over all its pixels again. A progressive one usually has ten."""

LONGEST_SIDE_READ = 1024
"""In pixels. Larger images are reduced to this on reading: neither the screen nor a network needs more."""

MOST_CHUNKS, MOST_TEXT_BYTES = 100_000, 1_000_000
"""Chunks of a PNG that are searched for text, and size of one text."""

MOST_IMAGES = 10_000_000
"""Images of a dataset. MNIST has 70,000."""

MOST_LABELS = 4096
"""Classes of a dataset, and outputs of a classifier. GB 2312 has 3,755 common characters."""

MOST_CLASS_NAME_CHARACTERS = 100
"""Length of a class name."""

MOST_DATASET_BYTES = 2**32
"""Size of a dataset's images: 4.3 GB. 200,000 images of 64×64×3 take 2.5 GB."""

UNPACKED_ANYWAY_BYTES, MOST_EXPANSION = 2**26, 20
"""What is compressed may expand to 67 MB, or to twenty times its size if that is more. MNIST is 5:1."""


def most_unpacked_bytes(packed_bytes: int) -> int:
    """Return how large what is compressed may become."""
    return max(UNPACKED_ANYWAY_BYTES, MOST_EXPANSION * packed_bytes)


MOST_MANIFEST_BYTES = 2**22
"""Size of `run.json`: 4.2 MB. It takes about 2 kB, and up to 2.5 MB if 4,096 classes have long names."""

MOST_CHECKPOINT_TEXT_BYTES = 2**27
"""Size of `cadl/run.json` in a checkpoint, which holds a history: 134 MB. `MOST_STEP_METRICS` fit."""

MOST_HISTORY_BYTES = 2**29
"""Size of `history.jsonl`: 537 MB. `MOST_STEP_METRICS` fit."""

MOST_STEP_METRICS = 24_000_000
"""Losses and other metrics of all batches of a training: 10,000 epochs of 800 batches with three each. They
take ten to eighteen bytes each in `history.jsonl`, and 5.3 in a checkpoint. A training of more is not begun,
since nothing could read it again.
"""

MOST_HISTORY_LINES, MOST_LINE_BYTES = 5_000_000, 2**24
"""Lines of `history.jsonl`, and size of one. A line usually holds the steps of one epoch; the first line of a
branch holds all steps before it. Older versions wrote one for each turn, of which `MOST_HISTORY_BYTES` hold
four million at most.
"""

MOST_RECORDS = 100_000
"""Epochs, notes, or changes of the learning rate in a history. A run has at most 10,000 epochs."""

MOST_METRICS, MOST_NAME_CHARACTERS = 64, 100
"""Metrics of an epoch or a step, and length of a name. A variational autoencoder has six metrics."""

MOST_JSON_VALUES = 400_000
"""Values in one JSON text. A checkpoint of 10,000 epochs has 130,000. Python needs 50 to 100 bytes for each
and blocks all other threads while parsing, the window's included: 80 ms for this many.
"""

MOST_EPOCH, MOST_STEP = 10_000, 2**31 - 1
"""Position of weights in a run."""

MOST_ARCHIVE_BYTES = 2**16
"""Size of the central directory of a ZIP archive. A checkpoint's takes 250 bytes."""

MOST_SESSION_LIST_BYTES, MOST_SESSION_FILES, MOST_SESSION_RUNS = 2**24, 100_000, 200
MOST_SESSION_PARTS_BYTES = 2**27
"""Size of a session's list of members, their number, its runs, and the size of all but the runs: 134 MB."""

MOST_BUNDLED_BYTES = 2**30
"""Size of the sessions in a bundle, which a class gets by mail or on a stick: 1.1 GB."""

MOST_CHECKPOINT_BYTES = 2**32
"""Size of a checkpoint in a session: 4.3 GB, of 200 million weights with the moments of Adam."""

MOST_WORK_BYTES = 2**25
"""Size of a view, or of drawings: 34 MB. A photograph takes 256 kB; there may be many strokes and labels."""

MOST_SNAPSHOT_BYTES = 2**30
"""Size of a snapshot: 1.1 GB. A network has at most 200 million weights."""

MOST_HDF5_ITEMS = 2_000
"""Arrays and groups in an HDF5 file. A network of 32 layers with its optimiser has a thousand.
HDF5 opens and closes each with Python's lock held: of 10,000, the window stood still for 0.3 s."""

LARGEST_SIDE, MOST_CHANNELS = 1024, 16
"""Side, in pixels, and channels of the images that a stored network takes."""

MOST_ACTIVATIONS, MOST_ACTIVATIONS_AT_ONCE = 2**24, 2**26
"""Activations of a network for one image, and for all images of one request: 268 MB."""

MOST_GRAPH_BYTES, MOST_GRAPH_DESCRIPTION_BYTES = 2**28, 2**20
"""Size of a frozen graph, and of all its constants together; and size of all but the constants' values. The
lecture's exports have a hundredth of the first; a network of a thousand operations takes 300 kB of the
second.
"""

MOST_OPERATIONS, MOST_FIELDS = 4096, 200_000
"""Operations and fields of a frozen graph. A thousand operations have a quarter of these fields."""

MOST_COURSE_BYTES, MOST_COURSE_INDEX_BYTES, MOST_COURSE_GRAPH_BYTES = 2**27, 2**24, 2**23
"""Sizes for TensorFlow 1 checkpoints: format 1, the index of format 2, and the graph that belongs to either.
Protocol Buffers can take ten times, and graphs fifty times, that in memory. The graph of `VAE()` and its
gradients has a tenth.
"""

MOST_VARIABLE_NUMBERS, MOST_DIMENSIONS = 2**28, 8
"""Size and rank of one variable in such a checkpoint: a gigabyte, which the file has to contain."""

MOST_PATH_BYTES = 2**24
"""Size of a latent path's text file: 17 MB."""

MOST_PINS, MOST_PLACES = 500, 5_000
"""Pins of a latent path, and points of a recorded drag; the window records as many."""

MOST_LATENTS, MOST_PIN_NUMBERS, LARGEST_LATENT = 4_096, 350_000, 1e9
"""Latent dimensions of one pin, numbers in all pins of a path together, and largest absolute value."""

MOST_FRAMES, MOST_FRAME_NUMBERS = 100_000, 2_000_000
"""Frames of a path, and numbers in the latent vectors of all frames."""

FEWEST_FRAMES_PER_SECOND, MOST_FRAMES_PER_SECOND, MOST_SECONDS = 0.01, 1000, 5_000
"""Playback speed of a path, and duration of a recorded drag."""


def megabytes(n_bytes: float) -> str:
    """Format a size in bytes as MB or kB."""
    n_bytes = min(n_bytes, 10**18)  # a file may claim a number that has no end
    return f"{n_bytes / 1e6:,.0f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:,.0f} kB"
