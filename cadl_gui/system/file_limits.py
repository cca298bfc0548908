"""How much of a file that is not trusted is taken: every limit, in one place.

Each is checked before room is made for what it limits, and whoever meets it is told the limit as a message.
They leave room for real files several times as large as any that this program, the lecture or a teacher's own
images make; what is refused is made to harm, or is no file of that kind.
"""

MOST_IMAGE_BYTES = 2**27
"""Of an image file: 134 MB. 25 megapixels without any compression take 75 MB."""

MOST_PIXELS = {"JPEG": 50_000_000, "WEBP": 16_000_000}
"""By format; see `MOST_PIXELS_ELSE`. A JPEG is decoded small at once, a WebP several times over."""

MOST_PIXELS_ELSE = 25_000_000
"""Of an image in any other format: a camera's 24 megapixels, in 230 MB of memory."""

LONGEST_SIDE_READ = 1024
"""Pixels. Larger images are shrunk to this as they are read: neither a digit nor a network needs more."""

MOST_CHUNKS, MOST_TEXT_BYTES = 100_000, 1_000_000
"""Of a PNG that is searched for what it remembers, and of one text in it."""

MOST_IMAGES = 10_000_000
"""Of a dataset. MNIST has 70,000."""

MOST_LABELS = 4096
"""Different labels of a dataset, and outputs of a classifier. GB 2312 has 3,755 common characters."""

MOST_CLASS_NAME_CHARACTERS = 100
"""Of the name of a class."""

MOST_DATASET_BYTES = 2**32
"""Of a dataset's images: 4.3 GB. 200,000 images of 64×64×3 take 2.5 GB."""

UNPACKED_ANYWAY_BYTES, MOST_EXPANSION = 2**26, 20
"""A compressed array may unpack to 67 MB, a larger one to twenty times its packed size. MNIST packs 5:1."""

MOST_MANIFEST_BYTES = 2**22
"""Of `run.json`: 4.2 MB. One takes about 2 kB, and up to 2.5 MB where 4,096 classes have long names."""

MOST_CHECKPOINT_TEXT_BYTES = 2**27
"""Of `cadl/run.json` in a checkpoint, which holds a history: 134 MB. One of 10,000 epochs fits."""

MOST_HISTORY_BYTES = 2**28
"""Of `history.jsonl`: 268 MB. One of 10,000 epochs fits."""

MOST_HISTORY_LINES, MOST_LINE_BYTES = 1_000_000, 2**24
"""Of `history.jsonl`. A line mostly holds the steps of one epoch; a branch's first all those before it."""

MOST_RECORDS = 100_000
"""Epochs, notes, or changes of the learning rate in a history. A run has at most 10,000 epochs."""

MOST_METRICS, MOST_NAME_CHARACTERS = 64, 100
"""Of an epoch or a step. A variational autoencoder has six."""

MOST_JSON_VALUES = 400_000
"""In one JSON text. A checkpoint of 10,000 epochs has 130,000. Python needs 50 to 100 bytes for each, and no
other thread gets a turn while it makes them, the window's included: 80 ms for so many.
"""

MOST_EPOCH, MOST_STEP = 10_000, 2**31 - 1
"""Where in a run weights may be from."""

MOST_ARCHIVE_BYTES = 2**16
"""Of the list of members at the end of a ZIP archive. A checkpoint's takes 250 bytes."""

MOST_SNAPSHOT_BYTES = 2**30
"""Of a snapshot: 1.1 GB. A network has at most 200 million weights."""

MOST_HDF5_ITEMS = 10_000
"""Arrays and groups in an HDF5 file. A network of 32 layers with its optimiser has a thousand."""

LARGEST_SIDE, MOST_CHANNELS = 1024, 16
"""Of the images that a stored network takes, in pixels."""

MOST_ACTIVATIONS, MOST_ACTIVATIONS_AT_ONCE = 2**24, 2**26
"""Numbers that one image may become on its way through a network, and all that are asked at once: 268 MB."""

MOST_GRAPH_BYTES, MOST_GRAPH_DESCRIPTION_BYTES = 2**28, 2**20
"""Of a frozen graph, and of all its constants together; and of all but the numbers in constants. What the
lecture exports has a hundredth of the first; a network of a thousand operations takes 300 kB of the second.
"""

MOST_OPERATIONS, MOST_FIELDS = 4096, 200_000
"""Of a frozen graph. A network of a thousand operations has a quarter of these fields."""

MOST_COURSE_BYTES, MOST_COURSE_INDEX_BYTES, MOST_COURSE_GRAPH_BYTES = 2**27, 2**24, 2**23
"""Of TensorFlow 1's checkpoints: format 1, the index of format 2, the graph beside both. Protocol Buffers can
take ten times, and graphs fifty times, that in memory. The graph of `VAE()` and its gradients has a tenth.
"""

MOST_VARIABLE_NUMBERS, MOST_DIMENSIONS = 2**28, 8
"""Of one variable in such a checkpoint: a gigabyte, which the file has to hold."""

MOST_PATH_BYTES = 2**24
"""Of a latent path's text file: 17 MB."""

MOST_PINS, MOST_PLACES = 500, 5_000
"""Of a latent path; places are those of a movement, of which the window records as many."""

MOST_LATENTS, MOST_PIN_NUMBERS, LARGEST_LATENT = 4_096, 350_000, 1e9
"""Of one pin, of all pins of a path together, and how far from zero each may be."""

MOST_FRAMES, MOST_FRAME_NUMBERS = 100_000, 2_000_000
"""Of a path, and the latents of all of them together."""

FEWEST_FRAMES_PER_SECOND, MOST_FRAMES_PER_SECOND, MOST_SECONDS = 0.01, 1000, 5_000
"""How slowly and how fast a path may play, and how long a movement may take."""


def megabytes(n_bytes: float) -> str:
    """Bytes as a sentence tells them."""
    return f"{n_bytes / 1e6:,.0f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:,.0f} kB"
