"""Pure functions of a model on weight snapshots."""
