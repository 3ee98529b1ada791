"""The step `summarise`: called by hookc with its inputs by name, it returns its outputs."""

import csv


def summarise(orders: str) -> dict:
    with open(orders, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    amounts = {row["order"]: float(row["amount"]) for row in rows}
    print(f"{len(amounts)} orders in {orders}")
    return {
        "count": len(amounts),
        "total": float(sum(amounts.values())),
        "largest": max(amounts, key=lambda order: amounts[order], default=""),
    }
