"""Splits the table into rows to learn from, to choose by, and to be judged by.

Each species is split alike (three fifths, one fifth, one fifth), in an order
that the seed alone decides. Reads `$HOOK_INPUTS`, writes `$HOOK_OUTPUTS`.
"""

import json
import os
import random

import rows

with open(os.environ["HOOK_INPUTS"], encoding="utf-8") as file:
    inputs = json.load(file)

shuffle = random.Random(inputs["seed"]).shuffle
parts = {"train": [], "validation": [], "test": []}
everything = rows.read(inputs["data"])
for species in range(len(rows.SPECIES)):
    group = [row for row in everything if row.species == species]
    shuffle(group)
    fifth = len(group) // 5
    parts["test"] += group[:fifth]
    parts["validation"] += group[fifth : 2 * fifth]
    parts["train"] += group[2 * fifth :]

outputs = {"rows": len(everything)}
for name, part in parts.items():
    path = os.path.join(os.environ["HOOK_WORK"], f"{name}.csv")
    rows.write(path, part)
    outputs[name] = path

with open(os.environ["HOOK_OUTPUTS"], "w", encoding="utf-8") as file:
    json.dump(outputs, file)
