"""Domain types as dataclasses: configurations, runs, epochs, requests, events, errors."""
