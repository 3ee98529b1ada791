#!/usr/bin/env python3
"""Measures the language server beside `ruff server`, on files of 10,000 lines.

A client opens the file, then types: a character that breaks a line in the
middle, and its removal, alternately. After each the client waits for the
diagnostics. CPU time is user and system time of the server's process, as the
kernel counts it: on a machine that does other things too, wall time says
little, and both servers are measured in turn, several times.

    python3 bench/lsp.py HOOKC [--keys N] [--rounds N] [--check]

HOOKC is a release binary. `--check` ends with 1 where hookc needs more CPU
time for a key than ruff, or its slowest hundredth is slower. ruff comes from
`bench/bench.py`'s environment in `.bench/`.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import generate
import tools

LINES = 10_000
WORKSPACE = 1_000
#: A file of the workspace that this many others import.
USERS = 10
PATIENCE = 120.0
TICKS = os.sysconf("SC_CLK_TCK")

Message = dict[str, Any]


class Result(NamedTuple):
    """One conversation: milliseconds, but for the memory in MiB."""

    start: float
    first: float
    #: CPU time from the start until the server rests after the first diagnostics.
    opened: float
    latencies: list[float]
    cpu: float
    peak: float


class Server:
    """A server and its messages."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages: queue.Queue[tuple[float, Message]] = queue.Queue()
        self.last = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        assert self.process.stdout
        while True:
            length = 0
            while (line := self.process.stdout.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if not line:
                return
            body = self.process.stdout.read(length)
            self.messages.put((time.perf_counter(), json.loads(body)))

    def send(self, **message: Any) -> float:
        """Sends a message; the moment before it."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        moment = time.perf_counter()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return moment

    def until(self, fits: Any) -> tuple[float, Message]:
        """The next message that fits, and its moment. What the server asks is answered."""
        end = time.perf_counter() + PATIENCE
        while True:
            moment, message = self.messages.get(timeout=max(0.01, end - time.perf_counter()))
            if "id" in message and "method" in message:
                items = message.get("params", {}).get("items", []) if message["method"] == "workspace/configuration" else None
                self.send(id=message["id"], result=None if items is None else [{}] * len(items))
            if fits(message):
                return moment, message

    def begin(self, folder: Path) -> float:
        """How long `initialize` takes."""
        uri = folder.as_uri()
        capabilities = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}, "workspace": {"configuration": True}}
        sent = self.send(
            id=0,
            method="initialize",
            params={
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "bench"}],
                "capabilities": capabilities,
            },
        )
        moment, _ = self.until(lambda message: message.get("id") == 0)
        self.send(method="initialized", params={})
        return (moment - sent) * 1000

    def open(self, file: Path, language: str) -> float:
        """How long the first diagnostics take."""
        document = {"uri": file.as_uri(), "languageId": language, "version": 1, "text": file.read_text()}
        sent = self.send(method="textDocument/didOpen", params={"textDocument": document})
        return (self.published(file, 1) - sent) * 1000

    def published(self, file: Path, version: int) -> float:
        """When the diagnostics of this version came."""

        def fits(message: Message) -> bool:
            params = message.get("params") or {}
            is_published = message.get("method") == "textDocument/publishDiagnostics"
            return is_published and params["uri"] == file.as_uri() and params.get("version") == version

        return self.until(fits)[0]

    def key(self, file: Path, version: int, line: int, column: int, inserts: bool) -> float:
        """How long the diagnostics after one key take."""
        start = {"line": line, "character": column}
        end = start if inserts else {"line": line, "character": column + 1}
        change = {"range": {"start": start, "end": end}, "text": "=" if inserts else ""}
        document = {"uri": file.as_uri(), "version": version}
        sent = self.send(method="textDocument/didChange", params={"textDocument": document, "contentChanges": [change]})
        return (self.published(file, version) - sent) * 1000

    def cpu(self) -> float:
        """CPU milliseconds so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS * 1000

    def peak(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def settle(self) -> None:
        """Waits until the server rests."""
        before = -1.0
        while (now := self.cpu()) != before:
            before = now
            time.sleep(0.3)
        while not self.messages.empty():
            self.messages.get()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def hook_file(path: Path) -> None:
    """About so many lines."""
    per_op = 6
    ops = list(generate.pipeline(LINES // per_op, broken=False))
    path.write_text("".join(generate.hook_file(ops)))


def python_file(path: Path) -> None:
    """The same ops in the same order, one argument a line, as a formatter writes them; about so many lines."""
    per_op = 14
    text = [generate.PYTHON_HEAD]
    for op in generate.pipeline(LINES // per_op, broken=False):
        hooks = "".join(f"        {part},\n" for hook in op.hooks for part in python_hook(hook))
        needs = ", ".join(f"op_{need}" for need in op.needs)
        text.append(
            f'{op.name} = Op(\n    name="{op.name}",\n    component="trainer_{op.component}",\n    lr={op.lr},\n'
            f'    epochs={op.epochs},\n    dataset="{op.dataset}",\n    needs=[{needs}],\n    hooks=[\n{hooks}    ],\n)\n'
        )
    path.write_text("".join(text))


def python_hook(hook: generate.Hook) -> list[str]:
    whole = generate.python_hook(hook)
    head, _, rest = whole.partition(", when=")
    return [f"{head},\n            when={rest}"]


def talk(command: list[str], file: Path, language: str, keys: int) -> Result:
    lines = file.read_text().split("\n")
    line = next(number for number in range(len(lines) // 2, len(lines)) if "op_" in lines[number] and "=" in lines[number])
    column = lines[line].index("=")
    server = Server(command, file.parent)
    try:
        start = server.begin(file.parent)
        first = server.open(file, language)
        server.settle()
        before = server.cpu()
        latencies = []
        for number in range(keys):
            latencies.append(server.key(file, number + 2, line, column, number % 2 == 0))
            time.sleep(0.01)
        return Result(start, first, before, latencies, (server.cpu() - before) / keys, server.peak())
    finally:
        server.end()


def row(name: str, results: list[Result]) -> str:
    latencies = sorted(one for result in results for one in result.latencies)
    median = statistics.median
    return (
        f"| {name} | {median(r.start for r in results):.0f} ms | {median(r.first for r in results):.0f} ms "
        f"| {median(r.opened for r in results):.0f} ms | {median(latencies):.1f} ms | {slowest(results):.1f} ms | {median(r.cpu for r in results):.2f} ms "
        f"| {max(r.peak for r in results):.0f} MiB |"
    )


def slowest(results: list[Result]) -> float:
    """The latency that one in a hundred keys exceeds."""
    latencies = sorted(one for result in results for one in result.latencies)
    return latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))]


def workspace(folder: Path) -> None:
    """Files of 10 ops; the first is imported by the next ten."""
    (folder / "hook.toml").write_text("")
    (folder / "file_0.hook").write_text('component shared(x: int) {\n  exec ["true"]\n}\n')
    ops = list(generate.pipeline(10, broken=False))
    text = "".join(generate.hook_file(ops))
    for number in range(1, WORKSPACE):
        user = 'import shared from "./file_0"\n\n' if number <= USERS else ""
        call = "\njob uses() {\n  op a = shared(x: 1)\n}\n" if number <= USERS else ""
        (folder / f"file_{number}.hook").write_text(user + text + call)


def edits_in(hookc: Path, folder: Path, keys: int) -> list[str]:
    """CPU time for a key in a file that nobody imports, and in one that ten files import."""
    server = Server([str(hookc), "lsp"], folder)
    try:
        sent = time.perf_counter()
        server.begin(folder)
        server.settle()
        loaded, load = server.cpu(), (time.perf_counter() - sent)
        out = [f"{WORKSPACE} files are read and checked in {loaded:.0f} ms of CPU time (at rest after {load:.1f} s)."]
        for name, words in [(f"file_{WORKSPACE - 1}.hook", "that no other imports"), ("file_0.hook", f"that {USERS} import")]:
            server.open(folder / name, "hook")
            server.settle()
            before = server.cpu()
            for number in range(keys):
                server.key(folder / name, number + 2, 0, 0, number % 2 == 0)
            out.append(f"A key in a file {words}: {(server.cpu() - before) / keys:.2f} ms.")
        return out
    finally:
        server.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hookc", type=Path)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    hookc = options.hookc.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        servers = [
            ("hookc lsp", [str(hookc), "lsp"], folder / "hook" / "pipeline.hook", "hook", hook_file),
            ("ruff server", [str(tools.VENV / "ruff"), "server"], folder / "python" / "pipeline.py", "python", python_file),
        ]
        results: dict[str, list[Result]] = {}
        for _, _, file, _, write in servers:
            file.parent.mkdir()
            write(file)
            print(f"{file.name}: {len(file.read_text().splitlines())} lines, {file.stat().st_size} bytes")
        for _ in range(options.rounds):
            for title, command, file, language, _ in servers:
                results.setdefault(title, []).append(talk(command, file, language, options.keys))
        print("| server | initialize | first diagnostics | CPU until then | median key | slowest hundredth | CPU for a key | peak memory |")
        print("|---|---|---|---|---|---|---|---|")
        for title, found in results.items():
            print(row(title, found))
        many = folder / "many"
        many.mkdir()
        workspace(many)
        print("\n".join(edits_in(hookc, many, options.keys)))
    ours, theirs = results["hookc lsp"], results["ruff server"]
    median = statistics.median
    is_slower = median(r.cpu for r in ours) > median(r.cpu for r in theirs) or slowest(ours) > slowest(theirs)
    return 1 if options.check and is_slower else 0


if __name__ == "__main__":
    sys.exit(main())
