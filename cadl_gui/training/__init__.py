"""The training loop, evaluation and recording: generators of events that know neither Qt nor threads."""
