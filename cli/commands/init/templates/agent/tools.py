"""The agent's tools: called by hookc with their inputs by name, they return their outputs."""


def search(word: str, limit: int) -> dict:
    with open("notes.txt", encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    hits = [line for line in lines if word.lower() in line.lower()]
    print(f"{len(hits)} of {len(lines)} lines hold {word!r}")
    return {"hits": hits[:limit]}
