#!/usr/bin/env python3
"""Compares the trace of a run with what its scenario expects; README.md says how.

compare.py retry.json .hook/runs/RUN/events.jsonl           prints the differences; exit code 1 if there are any
compare.py --write retry.json .hook/runs/RUN/events.jsonl   takes what happened for what is expected
"""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def subject(line: Line) -> str:
    """The job, op or item that a line is about; a hook is about what it watches."""
    node = line.get("job") or line.get("op") or line["hook"].rpartition(".")[0]
    return f"{node}[{line['item']}]" if "item" in line else node


def normal_form(lines: list[Line]) -> dict[str, list[Line]]:
    """The lines by what they are about, in their order there, without what differs between two runs."""
    subjects: dict[str, list[Line]] = {}
    fired: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        kept = {
            key: without_folder(value)
            for key, value in line.items()
            if key not in ("seq", "at", "key", "job", "op", "item") and (value == 0 or value) and value is not False
        }
        firing = (line.get("hook"), line.get("item"), line.get("trigger"), line.get("attempt"))
        if line["event"] == "hook_finished":
            # A hook ends some time after it was decided: what became of it stands with the decision.
            fired[firing] |= {key: kept[key] for key in ("status", "kind", "args", "mocked", "outputs") if key in kept}
            continue
        if line["event"] == "hook_evaluated":
            fired[firing] = kept
        if "hook" in kept:
            kept["hook"] = line["hook"].rpartition(".")[2]
        subjects.setdefault(subject(line), []).append(kept)
    return dict(sorted(subjects.items()))


def without_folder(value: Any) -> Any:
    """A value in which absolute paths have lost their folder."""
    if isinstance(value, str) and value.startswith("/"):
        return f".../{value.rpartition('/')[2]}"
    if isinstance(value, list):
        return [without_folder(item) for item in value]
    if isinstance(value, dict):
        return {key: without_folder(item) for key, item in value.items()}
    return value


def shown(subjects: dict[str, list[Line]]) -> list[str]:
    texts = []
    for name, lines in subjects.items():
        texts += [f"{name}:", *(f"  {json.dumps(line, ensure_ascii=False, sort_keys=True)}" for line in lines)]
    return texts


def write(path: Path, scenario: dict[str, Any], found: dict[str, list[Line]]) -> None:
    """Writes a scenario with a line for each line of the trace."""
    parts = []
    for name, lines in found.items():
        inner = ",\n".join(f"      {json.dumps(line, ensure_ascii=False)}" for line in lines)
        parts.append(f"    {json.dumps(name)}: [\n{inner}\n    ]")
    head = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in scenario.items() if key != "trace")
    path.write_text("{\n" + head + '  "trace": {\n' + ",\n".join(parts) + "\n  }\n}\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    path, trace = Path(arguments[-2]), Path(arguments[-1])
    scenario = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"exit": 0}
    found = normal_form([json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()])
    if arguments[0] == "--write":
        write(path, scenario, found)
        return 0
    differences = difflib.unified_diff(shown(scenario["trace"]), shown(found), "expected", "found", lineterm="", n=3)
    texts = list(differences)
    print("\n".join(texts))
    return 1 if texts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
