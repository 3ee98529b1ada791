"""What a client has seen, beside what it must see: `expected.json`, and the command line on the same files."""

import json
import os
import subprocess
from pathlib import Path

from places import place

HERE = Path(__file__).resolve().parent
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))


def hookc():
    """The binary under test."""
    return str(Path(os.environ.get("HOOKC", HERE.parents[1] / "target/release/hookc")).resolve())


def told_by_the_command_line(root, file):
    """The diagnostics of `hookc check` for a file, as code, severity and place."""
    command = [hookc(), "check", "--format", "json", file]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    found = (json.loads(line) for line in done.stdout.splitlines())
    return [
        (one["code"], one["severity"], [*one["start"].values(), *one["end"].values()])
        for one in found
        if one["file"] == file
    ]


def canonical(root, file):
    """What `hookc fmt` makes of a file."""
    text = (Path(root) / file).read_text(encoding="utf-8")
    done = subprocess.run(
        [hookc(), "fmt", "-"], input=text, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout


class Judge:
    """Compares, and keeps every difference."""

    def __init__(self, root, seen):
        self.root, self.seen, self.wrong = Path(root), seen, []
        self.first = {path.name: path.read_text(encoding="utf-8") for path in (HERE / "project").glob("*.hook")}

    def same(self, what, seen, expected):
        if seen != expected:
            self.wrong.append(f"{what}\n  seen:     {seen}\n  expected: {expected}")

    def place(self, text, at):
        return place(text, self.seen["units"], at)

    def diagnostics(self, what, text, seen, expected):
        seen = [
            (one["code"], one["severity"], self.place(text, one["from"]) + self.place(text, one["to"])) for one in seen
        ]
        key = lambda one: (one[2], one[0])
        self.same(what, sorted(seen, key=key), sorted(expected, key=key))

    def location(self, one):
        """File and place; files outside of the project by the end of their path."""
        path = Path(one["file"])
        text = self.first.get(path.name) if path.parent == self.root else None
        text = path.read_text(encoding="utf-8") if text is None else text
        name = path.name if path.parent == self.root else "/".join(path.parts[-2:])
        return [name, *self.place(text, one["at"])]

    def after(self, texts, lines):
        """The texts with some lines replaced."""
        texts = {file: text.split("\n") for file, text in texts.items()}
        for file, changed in lines.items():
            for number, line in changed.items():
                texts[file][int(number) - 1] = line
        return {file: "\n".join(text) for file, text in texts.items()}

    def answers(self):
        """What does not change a text."""
        for asked, seen in zip(EXPECTED["hover"], self.seen["hover"], strict=True):
            missing = [part for part in asked["says"] if part not in seen]
            self.same(f"hover at {asked['after']!r}: {seen!r} lacks", missing, [])
        for asked, seen in zip(EXPECTED["completion"], self.seen["completion"], strict=True):
            wrong = [one for one in asked["offers"] if one not in seen] + [one for one in asked["not"] if one in seen]
            self.same(f"completion at {asked['after']!r}: {seen!r} lacks or has", wrong, [])
        for asked, seen in zip(EXPECTED["definition"], self.seen["definition"], strict=True):
            self.same(f"definition at {asked['after']!r}", [self.location(one) for one in seen], [asked["leads_to"]])
        for asked, seen in zip(EXPECTED["references"], self.seen["references"], strict=True):
            self.same(f"references at {asked['after']!r}", sorted(map(self.location, seen)), sorted(asked["are"]))

    def changes(self):
        """What changes texts, one after the other."""
        texts = self.first
        for what in ("action", "rename"):
            texts = self.after(texts, EXPECTED[what]["lines"])
            for file, seen in self.seen[what].items():
                self.same(f"{file} after {what}", seen, texts[file])
            touched = set(EXPECTED[what]["lines"]) - set(self.seen[what])
            self.same(f"files not told after {what}", touched, set())
        self.same("formatting", self.seen["formatting"], canonical(HERE / "project", EXPECTED["formatting"]["file"]))

    def typed(self, series):
        """The text that the edits lead to, and its diagnostics beside those of the saved file."""
        for one, seen in zip(series, self.seen["typing"], strict=True):
            saved = (self.root / one["file"]).read_text(encoding="utf-8")
            self.same(f"text of {one['file']}", saved, one["text"])
            expected = told_by_the_command_line(self.root, one["file"])
            self.diagnostics(f"diagnostics of {one['file']}", saved, seen, expected)

    def all(self, series):
        """Every difference, as text."""
        file = EXPECTED["diagnostics"]["file"]
        expected = [(one["code"], one["severity"], one["at"]) for one in EXPECTED["diagnostics"]["seen"]]
        self.same("the table beside the command line", told_by_the_command_line(HERE / "project", file), expected)
        self.diagnostics(f"diagnostics of {file}", self.first[file], self.seen["diagnostics"], expected)
        self.answers()
        self.changes()
        self.typed(series)
        return self.wrong
