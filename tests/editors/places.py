"""Places in texts, in the units of each editor.

Everything here counts in characters from 1, as `hookc check --format json` does; editors count from 0, and in units
of their own.
"""

UNITS = {
    "characters": len,
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "bytes": lambda text: len(text.encode("utf-8")),
}


def column(line, units, at):
    """The character, from 1, at which a line has `at` units before it."""
    measure = UNITS[units]
    for characters in range(len(line) + 1):
        if measure(line[:characters]) == at:
            return characters + 1
    raise ValueError(f"{at} {units} end inside a character or behind the line: {line!r}")


def place(text, units, at):
    """Line and column of an editor's `[line, column]`."""
    lines = text.split("\n")
    return [at[0] + 1, column(lines[at[0]], units, at[1])]


def offset_forms(text, offset):
    """A place as every driver likes it: characters from the start, line, and column in each unit."""
    before = text[:offset]
    line = before[before.rfind("\n") + 1 :]
    forms = {units: measure(line) for units, measure in UNITS.items()}
    return {"offset": offset, "line": before.count("\n"), **forms}
