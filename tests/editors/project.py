"""Copies of the project for clients to work in."""

import shutil
import subprocess
from pathlib import Path

import judge
import keys

HERE = Path(__file__).resolve().parent
WORK = HERE.parents[1] / ".editors/work"


def prepare(work, folder):
    """A fresh copy of the project, and what is typed into it."""
    shutil.rmtree(work, ignore_errors=True)
    root = work / folder
    shutil.copytree(HERE / "project", root)
    typing = judge.EXPECTED["typing"]
    text = (root / typing["file"]).read_text(encoding="utf-8")
    series = []
    for seed in typing["seeds"]:
        file = typing["file"].replace(".hook", f"{seed}.hook")
        (root / file).write_text(text, encoding="utf-8")
        edits, after = keys.series(text, seed, typing["edits"])
        series.append({"file": file, "edits": edits, "text": after})
    # Editors look for the repository to know what a project is.
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (work / "bin").mkdir()
    (work / "bin/hookc").symlink_to(judge.hookc())
    (work / "home/.emacs.d").mkdir(parents=True)
    # VS Code asks a login shell for the PATH.
    (work / "home/.profile").write_text(f'PATH="{work / "bin"}:$PATH"\n', encoding="utf-8")
    return root, series
