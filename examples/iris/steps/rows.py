"""Rows of the iris table: read, checked, written. Shared by the steps."""

from __future__ import annotations

import csv
from typing import NamedTuple

FEATURES = ("sepal_length", "sepal_width", "petal_length", "petal_width")
SPECIES = ("setosa", "versicolor", "virginica")
HEADER = (*FEATURES, "species")


class Row(NamedTuple):
    """One flower: four lengths in centimetres, and the number of its species."""

    features: tuple[float, ...]
    species: int


class BadTable(Exception):
    """The file is not a table of irises; the message says where and why."""


def read(path: str) -> list[Row]:
    try:
        with open(path, newline="", encoding="utf-8") as file:
            lines = csv.reader(file)
            if tuple(next(lines, ())) != HEADER:
                raise BadTable(f"{path}: the first line is not {','.join(HEADER)}")
            return [parse(path, lines.line_num, line) for line in lines if line]
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(f"cannot read {path}: {error}") from error


def parse(path: str, number: int, line: list[str]) -> Row:
    if len(line) != len(HEADER) or line[-1] not in SPECIES:
        raise BadTable(f"{path}, line {number}: not a row of this table: {','.join(line)}")
    try:
        features = tuple(float(text) for text in line[:-1])
    except ValueError as error:
        raise BadTable(f"{path}, line {number}: {error}") from error
    return Row(features, SPECIES.index(line[-1]))


def write(path: str, rows: list[Row]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEADER)
        for row in rows:
            lines.writerow([*row.features, SPECIES[row.species]])
