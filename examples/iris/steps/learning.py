"""The steps that learn and judge: called by hookc with their inputs by name, each returns its outputs."""

from __future__ import annotations

import os

import rows
from model import Model


def train(train: str, validation: str, lr: float, epochs: int) -> dict:
    learn_from = rows.read(train)
    model = Model.untrained(learn_from)
    model.learn(learn_from, lr, epochs)
    path = os.path.join(os.environ["HOOK_WORK"], "model.json")
    model.save(path)
    print(f"lr {lr}: loss {model.loss(learn_from):.3f} on the rows it has learnt from")
    return {"model": path, "loss": model.loss(rows.read(validation))}


def evaluate(models: list[str], losses: list[float], test: str) -> dict:
    """Takes the model that did best on the validation rows, and judges it by rows that none has seen."""
    best = losses.index(min(losses))
    model = Model.load(models[best])
    judged_by = rows.read(test)
    recalls = []
    for species in range(len(rows.SPECIES)):
        own = [row for row in judged_by if row.species == species]
        recalls.append(sum(model.guess(row) == species for row in own) / len(own))
    right = sum(model.guess(row) == row.species for row in judged_by)
    return {
        "model": models[best],
        "number": best,
        "accuracy": right / len(judged_by),
        "hardest": rows.SPECIES[recalls.index(min(recalls))],
    }
