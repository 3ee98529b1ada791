"""Where the tests run: a copy of the repository, an environment without the user's own settings, commands with their outcome."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Half of the time of a build is optimisation, and nothing here is measured.
QUICK = {"LTO": "off", "CODEGEN_UNITS": "16", "OPT_LEVEL": "0"}
GIT_CONFIG = "[user]\n\tname = Someone\n\temail = someone@example.com\n[init]\n\tdefaultBranch = main\n"


class World:
    """The folder of one run of these tests."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "gitconfig").write_text(GIT_CONFIG)
        self.env = environment(folder)
        # The repository as others see it: a folder with one commit.
        self.repository = folder / "hookc"
        copy_files(self.repository)
        self.revision = self.commit_all(self.repository)
        # Set by `wheel_test`: the wheel, and the command that it has installed.
        self.wheel = None
        self.hookc = None

    def attempt(self, *command, cwd=None, env=None):
        """The exit code, and the output, both streams in one."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd or self.folder,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def run(self, *command, cwd=None, env=None, code=0, says=()):
        """The output; any other exit code is a failure, and so is a text that is not in it."""
        ended, output = self.attempt(*command, cwd=cwd, env=env)
        missing = [text for text in says if text not in output]
        if ended != code or missing:
            words = " ".join(str(word) for word in command)
            raise AssertionError(f"`{words}` ended with {ended}, expected {code}; missing {missing}:\n{output}")
        return output

    def commit_all(self, folder):
        """A repository of all that is in the folder; its one commit."""
        self.run("git", "init", "--quiet", cwd=folder)
        self.run("git", "add", "--all", "--force", cwd=folder)
        self.run("git", "commit", "--quiet", "--no-verify", "--message", "all", cwd=folder)
        return self.head(folder)

    def head(self, folder):
        """The newest commit of a repository."""
        return self.run("git", "rev-parse", "HEAD", cwd=folder).strip()


def environment(folder):
    """Neither the settings of whoever runs this, nor the repository in which it runs."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT", "GITHUB_"))}
    target = Path(env.get("CARGO_TARGET_DIR", "target"))
    for name, value in QUICK.items():
        env.setdefault(f"CARGO_PROFILE_RELEASE_{name}", value)
    tools = Path(sys.prefix) / "bin"
    return env | {
        "CARGO_TARGET_DIR": str(ROOT / target / "packaging"),
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
        "PATH": f"{tools}{os.pathsep}{env['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PRE_COMMIT_COLOR": "never",
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
    }


def copy_files(target):
    """What git knows or would take, as it lies on the disk."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    for name in filter(None, names.split("\0")):
        source = ROOT / name
        if source.is_symlink() or source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)


def write(folder, files):
    """Writes the files of a project, by path."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
