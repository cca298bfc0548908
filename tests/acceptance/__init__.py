"""Acceptance tests: the installed program, used through a screen, pointer, keyboard and screen reader.

Nothing of the program is imported. `desktop` is its environment, `program` starts it, `window` finds and uses
its widgets as a person does, `accessibility` reads them, and `pointer` sends events.
"""
