"""The hooks of pre-commit, in a scratch project whose commits are really made and refused."""

from project import BROKEN, CLEAN, EQUALITY, FAILING, NIGHTLY, STEPS, UNFORMATTED
from world import write

CONFIG = """\
repos:
- repo: {repository}
  rev: {revision}
  hooks:
  - id: hookc-fmt{variant}
    args: [{fmt}]
  - id: hookc-check{variant}
    args: [{check}]
"""
MANY = 300


def run(world):
    commands = world.folder / "commands"
    commands.mkdir()
    (commands / "hookc").symlink_to(world.hookc)
    found = {"PATH": f"{commands}:{world.env['PATH']}"}
    missing = Project(world, "-system", {}, CLEAN)
    missing.commit({"team/more.hook": "job more() {}\n"}, code=1, says=["Executable `hookc` not found"])
    # The rust variant builds hookc with cargo, and finds it without the PATH.
    for variant, env in (("-system", found), ("", {})):
        print(f"hookc-check{variant}, hookc-fmt{variant}", flush=True)
        for test in (clean, failing, lint, importer, settings, unformatted, fmt_check, broken, unstaged, many):
            test(Project(world, variant, env, CLEAN))


class Project:
    """A repository with one commit in which the hooks are installed."""

    count = 0

    def __init__(self, world, variant, env, files):
        Project.count += 1
        self.world, self.variant, self.env = world, variant, env
        self.folder = world.folder / "projects" / str(Project.count)
        write(self.folder, files)
        self.configure()
        self.start = world.commit_all(self.folder)
        self.run("pre-commit", "install")

    def configure(self, fmt="", check=""):
        """What `.pre-commit-config.yaml` says, with arguments for the hooks."""
        text = CONFIG.format(
            repository=self.world.repository,
            revision=self.world.revision,
            variant=self.variant,
            fmt=fmt,
            check=check,
        )
        write(self.folder, {".pre-commit-config.yaml": text})

    def run(self, *command, code=0, says=()):
        return self.world.run(*command, cwd=self.folder, env=self.env, code=code, says=says)

    def all_files(self, code=0, says=()):
        return self.run("pre-commit", "run", "--all-files", code=code, says=says)

    def commit(self, files=None, code=0, says=()):
        """Tries to commit these files; a refusal must leave no commit behind."""
        before = self.world.head(self.folder)
        write(self.folder, files or {"note.txt": "a note\n"})
        self.run("git", "add", "--all")
        output = self.run("git", "commit", "--message", "a change", code=code, says=says)
        made = self.world.head(self.folder) != before
        assert made == (code == 0), f"a commit was {'made' if made else 'refused'}:\n{output}"
        return output

    def text(self, name):
        return (self.folder / name).read_text()


def outcome(hook, word):
    """The line of pre-commit for a hook, as `hookc check....Passed`."""
    note = "(no files to check)" if word == "Skipped" else ""
    return f"{hook}{'.' * (79 - len(hook) - len(note) - len(word))}{note}{word}\n"


def clean(project):
    project.all_files(says=[outcome("hookc fmt", "Passed"), outcome("hookc check", "Passed")])
    project.commit(says=[outcome("hookc fmt", "Skipped"), outcome("hookc check", "Skipped")])
    more = {"team/more.hook": "job more() {}\n"}
    project.commit(more, says=[outcome("hookc fmt", "Passed"), outcome("hookc check", "Passed")])


def failing(project):
    refused = [outcome("hookc check", "Failed"), "exit code: 1", "H0302 may-be-null", "jobs/nightly.hook:5:20"]
    project.commit({"jobs/nightly.hook": FAILING}, code=1, says=[*refused, outcome("hookc fmt", "Passed")])
    project.commit({"jobs/nightly.hook": NIGHTLY, "note.txt": "mended\n"})


def lint(project):
    """The nearest `hook.toml` sets the levels, and arguments reach the command."""
    warned = {"jobs/quality.hook": EQUALITY}
    project.commit(warned, says=[outcome("hookc check", "Passed")])
    denied = {"team/quality.hook": EQUALITY}
    project.commit(denied, code=1, says=["H0804 float-equality", "team/quality.hook:11:23", "1 error, 1 warning"])
    project.configure(check="--deny, all, jobs")
    output = project.all_files(code=1, says=["jobs/quality.hook:11:23", "1 error in 1 file"])
    assert "team/quality.hook" not in output, output


def importer(project):
    """A file that has not changed is broken by one that has."""
    renamed = {"jobs/steps.hook": STEPS.replace("train(", "fit(")}
    project.commit(renamed, code=1, says=["H0107 import-unknown-name", "jobs/nightly.hook:1:14"])


def settings(project):
    """A change of `hook.toml` alone is checked; formatting is not concerned."""
    wrong = {"team/hook.toml": '[lints]\nfloat-equality = "loud"\n'}
    project.commit(wrong, code=1, says=[outcome("hookc fmt", "Skipped"), "team/hook.toml:2:"])


def unformatted(project):
    """Files of the commit are formatted, and no others."""
    write(project.folder, {"jobs/old.hook": UNFORMATTED})
    project.run("git", "add", "--all")
    project.run("git", "commit", "--no-verify", "--message", "without the hooks")
    refused = [outcome("hookc fmt", "Failed"), "files were modified by this hook", "1 file changed"]
    project.commit({"jobs/nightly.hook": UNFORMATTED}, code=1, says=refused)
    assert project.text("jobs/nightly.hook") == NIGHTLY
    assert project.text("jobs/old.hook") == UNFORMATTED
    project.commit({"note.txt": "formatted\n"}, says=[outcome("hookc check", "Skipped")])


def fmt_check(project):
    project.configure(fmt="--check")
    refused = [outcome("hookc fmt", "Failed"), "exit code: 1", "would change: jobs/nightly.hook"]
    output = project.commit({"jobs/nightly.hook": UNFORMATTED}, code=1, says=refused)
    assert "files were modified" not in output, output
    assert project.text("jobs/nightly.hook") == UNFORMATTED


def broken(project):
    """A file with syntax errors is left as it is, and both hooks say why."""
    output = project.commit({"jobs/broken.hook": BROKEN}, code=1, says=["1 file with syntax errors"])
    assert output.count("H0001 unexpected-text") == 2, output
    assert project.text("jobs/broken.hook") == BROKEN


def unstaged(project):
    """What is not part of the commit yet is neither checked nor lost."""
    write(project.folder, {"team/report.hook": "job report() {}\n\njob other() {}\n"})
    project.run("git", "add", "--all")
    write(project.folder, {"jobs/nightly.hook": FAILING})
    project.run("git", "commit", "--message", "a part", says=[outcome("hookc check", "Passed")])
    assert project.text("jobs/nightly.hook") == FAILING


def many(project):
    """More files than one process is given."""
    files = {f"many/job_{number}.hook": f"job   j{number}()  {{}}\n" for number in range(MANY)}
    project.commit(files, code=1, says=[outcome("hookc fmt", "Failed"), outcome("hookc check", "Passed")])
    for number in range(MANY):
        assert project.text(f"many/job_{number}.hook") == f"job j{number}() {{}}\n"
    project.commit({"note.txt": "formatted\n"})
