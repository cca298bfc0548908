"""Where images come from: arrays of shape (n, height, width, channels)."""
