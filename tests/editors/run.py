#!/usr/bin/env python3
"""Real editors on a small project: `python3 tests/editors/run.py neovim emacs vscode`.

Each client opens a copy of `project` and writes down what it sees there (`PLAN` tells what to look at, `SEEN` where to write);
`judge.py` compares. In the end the client is killed, and its server must follow. `HOOKC` is the binary, `target/release/hookc` if unset.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import judge
import processes
import project

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
# Editors write such folders into addresses in ways of their own. Eglot 1.9 neither escapes `%` nor reads what is not ASCII.
FOLDERS = {"neovim": "prüf ☃ %20", "emacs": "a b", "vscode": "prüf ☃ %20"}
QUIET_MS = 1500
# How long a server may outlive its client.
MOURNING = 2.0

EDITORS = REPOSITORY / "editors"
NEOVIM = ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n"]
CLIENTS = {
    "neovim": [
        *NEOVIM,
        "--cmd",
        f"set runtimepath^={EDITORS}/nvim | filetype plugin indent on",
        "-S",
        f"{HERE}/neovim/drive.lua",
    ],
    "emacs": ["emacs", "-Q", "--batch", "-L", f"{EDITORS}/emacs", "-l", f"{HERE}/emacs/drive.el"],
    "vscode": ["node", f"{HERE}/vscode/drive.mjs"],
}
LONGEST = {"neovim": 120, "emacs": 120, "vscode": 240}


def surroundings(work, root, series):
    """What a client finds in its environment."""
    plan = {**judge.EXPECTED, "root": str(root), "series": series, "quiet_ms": QUIET_MS}
    (work / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    home = str(work / "home")
    return {
        **os.environ,
        "PATH": f"{work / 'bin'}:{os.environ['PATH']}",
        "HOME": home,
        "XDG_CACHE_HOME": f"{home}/cache",
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_DATA_HOME": f"{home}/data",
        "XDG_STATE_HOME": f"{home}/state",
        "LANG": "C.UTF-8",
        "WORK": str(work),
        "EDITORS": str(project.WORK.parent),
        "PLAN": str(work / "plan.json"),
        "SEEN": str(work / "seen.json"),
    }


def sighting(client, seen, longest):
    """What the client has written down, when it has."""
    start = time.monotonic()
    while not seen.exists():
        if client.poll() is not None:
            raise RuntimeError(f"it has ended by itself, with code {client.returncode}")
        if time.monotonic() - start > longest:
            raise RuntimeError(f"it has seen nothing for {longest} s")
        time.sleep(0.05)
    return json.loads(seen.read_text(encoding="utf-8"))


def mistakes(name):
    """Everything that is wrong with a client, as text."""
    work = project.WORK / name
    root, series = project.prepare(work, FOLDERS[name])
    log = work / "log"
    with log.open("wb") as out:
        client = subprocess.Popen(
            CLIENTS[name],
            cwd=root,
            env=surroundings(work, root, series),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        try:
            seen = sighting(client, work / "seen.json", LONGEST[name])
            if "failed" in seen:
                return [seen["failed"]]
            wrong = judge.Judge(root, seen).all(series)
            server = processes.server(client.pid)
            if server is None:
                return [*wrong, "there is no server at work"]
            gone = processes.ends_with_its_client(server, MOURNING)
            if gone is None:
                return [*wrong, f"the server lives {MOURNING} s after its client"]
            print(f"{name}: the server has ended {gone:.2f} s after its client")
            return wrong
        except RuntimeError as failure:
            return [f"{failure}\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}"]
        finally:
            processes.end(client.pid)
            client.wait()


def main():
    failed = False
    for name in sys.argv[1:] or CLIENTS:
        start = time.monotonic()
        wrong = mistakes(name)
        for one in wrong:
            print(f"{name}: {one}")
        failed = failed or bool(wrong)
        print(f"{name}: {'failed' if wrong else 'all is well'}, {time.monotonic() - start:.1f} s", flush=True)
    sys.exit(failed)


main()
