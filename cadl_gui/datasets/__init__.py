"""Where pictures come from: arrays of shape (n, height, width, channels)."""
