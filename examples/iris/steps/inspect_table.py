"""Refuses a file that is not a table of irises: exit code 1 and the reason on standard error."""

import sys

import rows

try:
    found = rows.read(sys.argv[1])
except rows.BadTable as error:
    sys.exit(str(error))
missing = [name for number, name in enumerate(rows.SPECIES) if all(row.species != number for row in found)]
if missing:
    sys.exit(f"{sys.argv[1]}: no row of {', '.join(missing)}")
