"""Controls and layouts that several parts of the window share."""
