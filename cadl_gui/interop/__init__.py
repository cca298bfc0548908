"""Foreign file formats: exports, frozen graphs and the course's checkpoints."""
