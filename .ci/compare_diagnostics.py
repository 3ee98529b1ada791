#!/usr/bin/env python3
"""Compares what two builds of hookc report, format and compile: code and place of every diagnostic, not its wording.

    .ci/compare_diagnostics.py OLD NEW [--mutants 20000] [--show 20]

The texts are every `.hook` file of the repository and every example of its pages, their prefixes at each end of a
word, and mutants with a fixed seed: a token removed, doubled, swapped or replaced by one of another text, a letter
of a word changed, a line cut. Both builds get the same texts. Exit code 1 if anything differs.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\w+|\s+|//[^\n]*|->|&&|\|\||\?\?|[=!<>]=|.', re.S)


def sources():
    """The `.hook` files and the fenced examples of the pages, without repetition, in a fixed order."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = []
    for name in listed:
        if name.endswith(".hook"):
            texts.append((ROOT / name).read_bytes().decode("utf-8", "replace"))
        elif name.endswith(".md"):
            texts += re.findall(r"```hook\n(.*?)```", (ROOT / name).read_text(), re.S)
    return list(dict.fromkeys(texts))


def prefixes(text):
    return [text[: match.end()] for match in re.finditer(r"\S+", text)]


def mutant(rng, texts, words):
    tokens = TOKEN.findall(rng.choice(texts))
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        solid = [at for at, token in enumerate(tokens) if token.strip()]
        if not solid:
            break
        at = rng.choice(solid)
        kind = rng.randrange(7)
        if kind == 0:
            tokens[at] = ""
        elif kind == 1:
            tokens[at] += " " + tokens[at]
        elif kind == 2:
            other = rng.choice(solid)
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            tokens[at] = rng.choice(words)
        elif kind == 4:
            letter = rng.randrange(len(tokens[at]))
            tokens[at] = tokens[at][:letter] + rng.choice("abceilnorst") + tokens[at][letter + 1 :]
        elif kind == 5:
            tokens[at] += " " + rng.choice(words)
        else:
            tokens = tokens[:at] + ["\n"] + tokens[at + rng.randrange(1, 8) :]
    return "".join(tokens)


def lay_out(folder, texts):
    """One folder for each text, so that no text reaches another."""
    for number, text in enumerate(texts):
        own = folder / f"{number // 1000:03}" / f"{number:06}"
        own.mkdir(parents=True)
        (own / "hook.toml").write_text('name = "compared"\n')
        (own / "a.hook").write_bytes(text.encode())


def reported(binary, folder):
    """The diagnostics of each file as (code, severity, place)."""
    run = subprocess.run([binary, "check", "--format", "json", "."], cwd=folder, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{binary} ended with {run.returncode}: {run.stderr[:2000]}")
    found = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        one = json.loads(line)
        place = tuple((one[end]["line"], one[end]["column"]) for end in ("start", "end"))
        found[one["file"]].append((one["code"], one["severity"], place, one["message"]))
    return found


def formatted(binary, texts):
    """What `fmt` makes of each text that it takes."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lay_out(folder, texts)
        subprocess.run([binary, "fmt", "."], cwd=folder, capture_output=True)
        return [path.read_bytes() for path in sorted(folder.glob("*/*/a.hook"))]


def plans(binary, folder, texts, sound):
    """The plans of texts without errors, positions left out by the hash alone."""
    found = {}
    for number in sound:
        path = folder / f"{number // 1000:03}" / f"{number:06}" / "a.hook"
        run = subprocess.run([binary, "compile", path], capture_output=True, text=True)
        found[number] = (run.returncode, run.stdout)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--ignore-code", action="append", default=[], help="a code that is left out on both sides")
    args = parser.parse_args()
    old, new = (str(pathlib.Path(binary).resolve()) for binary in (args.old, args.new))

    whole = sources()
    rng = random.Random(args.seed)
    words = sorted({token for text in whole for token in TOKEN.findall(text) if not token.isspace()})
    texts = whole + [prefix for text in whole for prefix in prefixes(text)][::7]
    texts += [mutant(rng, whole, words) for _ in range(args.mutants)]

    differing = 0
    kinds = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lay_out(folder, texts)
        before, after = reported(old, folder), reported(new, folder)
        for number in range(len(texts)):
            name = f"{number // 1000:03}/{number:06}/a.hook"
            keep = lambda rows: collections.Counter(row[:3] for row in rows if row[0] not in args.ignore_code)
            was, now = keep(before[name]), keep(after[name])
            if was == now:
                continue
            differing += 1
            lost, won = was - now, now - was
            kinds.update(f"- {code}" for code, _, _ in lost.elements())
            kinds.update(f"+ {code}" for code, _, _ in won.elements())
            if differing <= args.show:
                print(f"\n== text {number}")
                for mark, rows, all_rows in (("-", lost, before[name]), ("+", won, after[name])):
                    for row in rows:
                        message = next(one[3] for one in all_rows if one[:3] == row)
                        line = texts[number].split("\n")[row[2][0][0] - 1 : row[2][0][0]]
                        print(f"{mark} {row[0]} {row[2][0]}-{row[2][1]} {message}\n    {''.join(line)[:160]}")
        sound = [number for number in range(len(whole)) if not any(
            row[1] == "error" for row in before[f"{number // 1000:03}/{number:06}/a.hook"])]
        changed_plans = [n for n, plan in plans(old, folder, texts, sound).items()
                         if plan != plans(new, folder, texts, [n])[n]]
    changed_layout = [n for n, pair in enumerate(zip(formatted(old, texts), formatted(new, texts))) if pair[0] != pair[1]]
    print(f"\n{len(texts)} texts: {differing} differ in diagnostics, {len(changed_layout)} in layout, "
          f"{len(changed_plans)} of {len(sound)} in their plan")
    for kind, count in kinds.most_common():
        print(f"  {count:6} {kind}")
    for what, numbers in (("layout", changed_layout), ("plan", changed_plans)):
        if numbers:
            print(f"{what} differs first in text {numbers[0]}:\n{texts[numbers[0]][:1500]}")
    sys.exit(1 if differing or changed_layout or changed_plans else 0)


if __name__ == "__main__":
    main()
