"""Hand drawings, and their conversion to images like MNIST's."""
