"""Saved networks: opened, followed, evaluated and exported; and the backend that trains and saves them."""
