"""The checkers that are compared: where they come from, and how each is called.

Everything lives below `.bench/`, which git ignores. ruff and ty are wheels in
a virtual environment of their own; nickel is built from source, so only when
asked for. Versions are pinned: a number without its version says nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".bench"
VENV = HOME / "venv" / "bin"
NICKEL = HOME / "nickel" / "bin" / "nickel"

RUFF = "ruff==0.17.5"
TY = "ty==0.0.104"
NICKEL_VERSION = "1.18.0"


class Tool(NamedTuple):
    """A checker: its name in the table, its command line, the file it reads."""

    name: str
    command: list[str]
    file: str
    checks_types: bool

    @property
    def installed(self) -> bool:
        return Path(self.command[0]).exists()


def hookc(binary: Path) -> Tool:
    return Tool("hookc check", [str(binary), "check", "--color", "never"], "pipeline.hook", True)


def others() -> list[Tool]:
    # No caches, no configuration found on the way up. E501 would report one long line per op.
    ruff = [str(VENV / "ruff"), "check", "--isolated", "--no-cache", "--select", "E,F,B", "--ignore", "E501"]
    return [
        Tool("ruff check", ruff, "pipeline.py", False),
        Tool("ty check", [str(VENV / "ty"), "check", "--no-progress"], "pipeline.py", True),
        Tool("nickel typecheck", [str(NICKEL), "typecheck"], "pipeline.ncl", True),
    ]


def build_hookc() -> Path:
    """The release binary, built as a user would."""
    subprocess.run(["cargo", "build", "--release", "--bin", "hookc"], cwd=ROOT, check=True)
    return target_folder() / "release" / "hookc"


def target_folder() -> Path:
    """Where cargo builds: the environment or cargo's own settings may have moved it."""
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Path(json.loads(answer.stdout)["target_directory"])


def install(with_nickel: bool) -> None:
    if not (VENV / "ruff").exists() or not (VENV / "ty").exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME / "venv")], check=True)
        subprocess.run([str(VENV / "pip"), "install", "--quiet", RUFF, TY], check=True)
    if with_nickel and not NICKEL.exists():
        command = ["cargo", "install", "--locked", "nickel-lang-cli", "--version", NICKEL_VERSION]
        subprocess.run([*command, "--root", str(HOME / "nickel")], check=True)


def version(tool: Tool) -> str:
    if not tool.installed:
        return "not installed"
    answer = subprocess.run([tool.command[0], "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.strip()
