"""What the program speaks of: configurations, runs, epochs, requests, events, errors. Dataclasses only."""
