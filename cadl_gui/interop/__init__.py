"""Other people's formats: exports, frozen graphs, the course's checkpoints."""
