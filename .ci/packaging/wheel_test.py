"""The wheel: built from the source distribution alone, installed where nothing else is, and its command works."""

import sys
import zipfile

from project import CLEAN, FAILING
from world import write


def run(world):
    dist = world.folder / "dist"
    # What an earlier run has built of us would be taken for new: the files of a source distribution bear an old date.
    world.run("cargo", "clean", "--workspace", "--release", cwd=world.repository)
    # As docs/ci.md says; the wheel is built from what the source distribution holds.
    world.run("maturin", "build", "--release", "--sdist", "--out", dist, cwd=world.repository)
    assert len(list(dist.glob("hookc-*.tar.gz"))) == 1
    (world.wheel,) = dist.glob("hookc-*.whl")
    holds_the_command_alone(world.wheel)

    fresh = world.folder / "fresh"
    world.run(sys.executable, "-m", "venv", fresh)
    world.run(fresh / "bin" / "python", "-m", "pip", "install", "--no-index", world.wheel)
    world.hookc = fresh / "bin" / "hookc"
    version = world.wheel.name.split("-")[1]
    assert world.run(world.hookc, "--version") == f"hookc {version}\n"

    project = world.folder / "wheel"
    write(project, CLEAN)
    world.run(world.hookc, "check", cwd=project, says=["checked 3 files"])
    write(project, {"jobs/nightly.hook": FAILING})
    world.run(world.hookc, "check", cwd=project, code=1, says=["H0302", "1 error in 1 file"])
    world.run(world.hookc, "check", "missing.hook", cwd=project, code=2, says=["missing.hook"])
    # What the binary holds besides code has come along too.
    world.run(world.hookc, "explain", "H0302", says=["may-be-null"])


def holds_the_command_alone(wheel):
    """One executable, and what describes it."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    others = [name for name in names if ".dist-info/" not in name]
    assert len(others) == 1 and others[0].endswith(".data/scripts/hookc"), names
    # Any Python; other machines with a C library as new as this one's.
    _, _, python, abi, platform = wheel.stem.split("-")
    assert (python, abi) == ("py3", "none") and platform.startswith("manylinux_"), wheel.name
    for line in ("Name: hookc", "License-Expression: MIT OR Apache-2.0", "License-File: LICENSE-MIT"):
        assert f"\n{line}\n" in metadata, metadata
