#!/usr/bin/env python3
"""Measures `hookc check` beside other checkers on one and the same pipeline.

    python3 bench/bench.py [--nickel] [--rounds N] [--hookc BINARY]

Installs the pinned tools below `.bench/`, generates the pipelines, runs the
tools in turn within each round (so that a busy minute of the machine hits all
of them), and prints medians as Markdown. `bench/README.md` has the aims.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

import measure
import tools
from measure import Cost
from tools import Tool

HERE = Path(__file__).resolve().parent
DATA = tools.HOME / "data"
SIZES = (0, 100, 1_000, 10_000)
CONTROL = 100

Results = dict[tuple[str, int], list[Cost]]


def main() -> int:
    options = arguments()
    tools.install(options.nickel)
    binary = options.hookc.resolve() if options.hookc else tools.build_hookc()
    checkers = [tools.hookc(binary), *tools.others()]
    generate()
    results = rounds(checkers, options.rounds)
    print(report(checkers, results, options.rounds))
    failures = controls(checkers)
    return 1 if failures else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nickel", action="store_true", help="build nickel too, which takes long")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each tool on each size (default 5)")
    parser.add_argument("--hookc", type=Path, help="this binary instead of a release build of the tree")
    return parser.parse_args()


def generate() -> None:
    """Writes the inputs in processes of their own: this one must stay small (see `measure`)."""
    script = [sys.executable, str(HERE / "generate.py")]
    for size in SIZES:
        subprocess.run([*script, str(DATA / str(size)), str(size)], check=True)
    subprocess.run([*script, str(DATA / "broken"), str(CONTROL), "--break"], check=True)


def rounds(checkers: list[Tool], count: int) -> Results:
    results: Results = {}
    for number in range(count + 1):
        for size in SIZES:
            for tool in checkers:
                if not tool.installed:
                    continue
                cost = measure.run([*tool.command, tool.file], DATA / str(size))
                if cost.code != 0:
                    sys.exit(f"{tool.name} refuses the pipeline of {size} ops (exit code {cost.code})")
                # The first round fills the page cache and is not counted.
                if number > 0:
                    results.setdefault((tool.name, size), []).append(cost)
        print(f"round {number} of {count}", file=sys.stderr)
    return results


def report(checkers: list[Tool], results: Results, count: int) -> str:
    lines = [f"Medians of {count} runs, CPU seconds (user + system), {os.cpu_count()} processors.", ""]
    lines += [f"- {tool.name}: {tools.version(tool)}" for tool in checkers]
    lines += [f"- peak memory cannot be seen below {measure.floor():.0f} MiB", ""]
    lines.append("| tool | " + " | ".join(label(size) for size in SIZES) + " | lowest to highest | MB/s | peak MiB | growth |")
    lines.append("|---" * (len(SIZES) + 5) + "|")
    lines += [row(tool, results) for tool in checkers]
    return "\n".join(lines)


def label(size: int) -> str:
    return "empty file" if size == 0 else f"{size:,} ops"


def row(tool: Tool, results: Results) -> str:
    if not tool.installed:
        return f"| {tool.name} | not installed |" + " |" * (len(SIZES) + 3)
    cpu = {size: statistics.median(cost.cpu for cost in results[tool.name, size]) for size in SIZES}
    largest = SIZES[-1]
    megabytes = (DATA / str(largest) / tool.file).stat().st_size / 1e6
    peak = statistics.median(cost.peak for cost in results[tool.name, largest])
    cells = [f"{cpu[size]:.4f}" for size in SIZES]
    all_runs = [cost.cpu for cost in results[tool.name, largest]]
    cells += [f"{min(all_runs):.2f} to {max(all_runs):.2f}"]
    cells += [f"{megabytes / cpu[largest]:.1f}", f"{peak:.0f}", f"{growth(cpu):.2f}"]
    return f"| {tool.name} | " + " | ".join(cells) + " |"


def growth(cpu: dict[int, float]) -> float:
    """The exponent from the second largest to the largest size, without the cost of starting."""
    small, large = SIZES[-2], SIZES[-1]
    ratio = (cpu[large] - cpu[0]) / max(cpu[small] - cpu[0], 1e-4)
    return math.log(ratio) / math.log(large / small)


def controls(checkers: list[Tool]) -> list[str]:
    """Each that claims to check types must refuse a text where a float is wanted."""
    print("\nA pipeline with `lr: \"x\"` in one op:\n")
    failures = []
    for tool in checkers:
        if not tool.installed:
            continue
        code = measure.run([*tool.command, tool.file], DATA / "broken").code
        verdict = "refused" if code == 1 else "accepted" if code == 0 else f"exit code {code}"
        note = "" if tool.checks_types else " (a linter: it does not check types)"
        print(f"- {tool.name}: {verdict}{note}")
        if tool.checks_types and code != 1:
            failures.append(tool.name)
    return failures


if __name__ == "__main__":
    sys.exit(main())
