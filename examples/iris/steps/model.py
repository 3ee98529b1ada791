"""Multinomial logistic regression, by gradient descent, in plain Python.

A model is one weight per species and feature, and one more for the constant.
Features are brought to mean 0 and deviation 1 first, by the rows it learns from.
"""

from __future__ import annotations

import json
import math

from rows import SPECIES, Row


class Model:
    def __init__(self, means: list[float], deviations: list[float], weights: list[list[float]]):
        self.means, self.deviations, self.weights = means, deviations, weights

    @classmethod
    def untrained(cls, rows: list[Row]) -> Model:
        columns = list(zip(*(row.features for row in rows)))
        means = [sum(column) / len(column) for column in columns]
        squares = [sum((x - mean) ** 2 for x in column) / len(column) for column, mean in zip(columns, means)]
        deviations = [math.sqrt(square) or 1.0 for square in squares]
        return cls(means, deviations, [[0.0] * (len(means) + 1) for _ in SPECIES])

    def scaled(self, row: Row) -> list[float]:
        features = zip(row.features, self.means, self.deviations)
        return [1.0, *((x - mean) / deviation for x, mean, deviation in features)]

    def probabilities(self, scaled: list[float]) -> list[float]:
        scores = [sum(w * x for w, x in zip(weights, scaled)) for weights in self.weights]
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    def learn(self, rows: list[Row], lr: float, epochs: int) -> None:
        table = [(self.scaled(row), row.species) for row in rows]
        for _ in range(epochs):
            slopes = [[0.0] * len(weights) for weights in self.weights]
            for scaled, species in table:
                for number, probability in enumerate(self.probabilities(scaled)):
                    error = probability - (number == species)
                    slopes[number] = [slope + error * x for slope, x in zip(slopes[number], scaled)]
            for weights, slope in zip(self.weights, slopes):
                weights[:] = [w - lr * s / len(table) for w, s in zip(weights, slope)]

    def loss(self, rows: list[Row]) -> float:
        """Mean cross-entropy: 0 when certain and right, ln 3 when it knows nothing."""
        likelihoods = [self.probabilities(self.scaled(row))[row.species] for row in rows]
        return -sum(math.log(max(likelihood, 1e-12)) for likelihood in likelihoods) / len(rows)

    def guess(self, row: Row) -> int:
        probabilities = self.probabilities(self.scaled(row))
        return probabilities.index(max(probabilities))

    def save(self, path: str) -> None:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(vars(self), file, indent=1)

    @classmethod
    def load(cls, path: str) -> Model:
        with open(path, encoding="utf-8") as file:
            return cls(**json.load(file))
