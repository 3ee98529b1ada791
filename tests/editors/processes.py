"""The processes below a client, read from /proc."""

import os
import signal
import time
from pathlib import Path


def state(pid):
    """State and parent of a process; `None` when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else (fields[0], int(fields[1]))


def below(root):
    """The living processes that `root` has started, and those that they have started."""
    parents = {}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        if found := state(pid):
            parents[pid] = found[1]
    tree = {root}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return tree


def server(root):
    """The language server below `root`."""
    for pid in sorted(below(root)):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if os.path.basename(words[0]) == b"hookc" and words[1:2] == [b"lsp"]:
            return pid
    return None


def ends_with_its_client(pid, within):
    """Kills the parent of a server as hard as can be; the seconds until the server is gone, `None` if it stays."""
    _, parent = state(pid)
    os.kill(parent, signal.SIGKILL)
    start = time.monotonic()
    while time.monotonic() - start < within:
        if state(pid) is None:
            return time.monotonic() - start
        time.sleep(0.01)
    return None


def end(root):
    """Ends everything below `root`, and `root`."""
    for pid in below(root):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
