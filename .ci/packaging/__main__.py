#!/usr/bin/env python3
"""hookc as other projects get it: the wheel, the hooks of pre-commit, the GitHub Action.

    python3 .ci/packaging [FOLDER]

Everything is tried on a copy of this folder's files, each in a fresh folder (FOLDER, or a temporary one): the wheel is built from
the source distribution and installed, commits are made and refused in a scratch project, the Action's steps are run as
`action.yml` writes them. The packages for it are pinned, and are installed into `.bench/packaging` the first time.

What is built here is built quickly: without optimisation, and in `packaging` below the target folder, where the next time
finds the dependencies. Whoever sets `CARGO_PROFILE_RELEASE_…` decides that alone.
"""

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

PACKAGES = ["check-jsonschema==0.39.0", "maturin==1.16.0", "pre-commit==4.7.0", "zizmor==1.32.0"]
HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent / ".bench" / "packaging"


def with_packages():
    """Goes on inside the environment that has the packages."""
    if Path(sys.prefix) == HOME:
        return
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    frozen = subprocess.run([*pip, "list", "--format", "freeze"], capture_output=True, text=True, check=True).stdout
    installed = {line.replace("_", "-").lower() for line in frozen.splitlines()}
    if not installed.issuperset(PACKAGES):
        subprocess.run([*pip, "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [python, HERE, *sys.argv[1:]])


def main(folder):
    """All parts in turn; each needs the ones before it."""
    import action_test
    import hooks_test
    import pages_test
    import wheel_test
    from world import World

    world = World(folder)
    for part in (pages_test, wheel_test, action_test, hooks_test):
        start = time.monotonic()
        part.run(world)
        print(f"{part.__name__}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    with_packages()
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="hookc-") as temporary:
            main(Path(temporary).resolve())
