"""Runs one command and says what it cost.

CPU time is user and system time of the process, as the kernel counts it
(`wait4`): on a machine that does other things too, wall time says little.
Peak memory is the kernel's high-water mark. It is inherited from the process
that starts the command, so this module's process must stay small: it never
holds a pipeline's text. `floor` is what no measurement can go below.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """One run: exit code, CPU seconds, peak MiB."""

    code: int
    cpu: float
    peak: float


def floor() -> float:
    """The peak MiB of this process, which every started one begins with."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(command: list[str], folder: Path) -> Cost:
    """Runs `command` in `folder` with its output thrown away."""
    child = os.fork()
    if child == 0:
        start(command, folder)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return Cost(code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def start(command: list[str], folder: Path) -> None:
    """In the child: becomes the command, or ends with 127."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.chdir(folder)
        os.execv(command[0], command)
    finally:
        os._exit(127)
