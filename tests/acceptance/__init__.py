"""The installed program, used from outside: a screen, a pointer and keys, and what is told to screen readers.

Nothing of the program is imported. `desktop` is what it runs on, `program` starts it, `window` finds and uses
its widgets as a person does, `accessibility` is what can be read of them, `pointer` what a hand does.
"""
