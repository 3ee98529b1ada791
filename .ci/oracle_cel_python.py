#!/usr/bin/env python3
"""Our evaluator beside Google's implementation of CEL.

    HOOKC_DUMP=cases.jsonl cargo test -p hookc-compiler --test proofs dump
    python3 .ci/oracle_cel_python.py cases.jsonl

The package is pinned, and is installed into `.bench/cel-python` the first time. Where ours gives a value, CEL gives the same;
where ours gives an error, so does CEL, unless its `&&`, `||` and macros find a value behind it.
Prints the differences, the shortest first, and exits with 1 if there is one.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

PACKAGE = "cel-expr-python==0.1.3"
HOME = Path(__file__).resolve().parent.parent / ".bench" / "cel-python"
LEAST = 5_000
# This implementation refuses the end of a text as the end of a `substring`, which the others have.
KNOWN = ("is greater than <string>.size()",)


def with_package():
    """Goes on inside the environment that has the package."""
    if Path(sys.prefix) == HOME:
        return
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
    installed = subprocess.run([python, "-c", "import cel_expr_python"], capture_output=True, check=False)
    if installed.returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
    os.execv(python, [python, __file__, *sys.argv[1:]])


def evaluated(env, text):
    """The value of an expression; types are left to the run, as `null` stands beside values of other types."""
    return env.compile(text, disable_check=True).eval(data={})


def is_error(value):
    return "ERROR" in str(value.type())


def difference(env, case):
    """What is wrong, or nothing."""
    want = case["want"]
    text = case["cel"] if want is None else f"({case['cel']}) == ({want})"
    try:
        value = evaluated(env, text)
        told = str(value.plain_value()) if is_error(value) else None
    except Exception as error:  # The package raises its own kinds, and Python's.
        value, told = None, str(error)
    if want is None:
        return None if told or case["absorbs"] else f"ours: {case['error']}, CEL: {value.plain_value()}"
    if told:
        return None if any(words in told for words in KNOWN) else f"ours: {want}, CEL: {told}"
    if value.plain_value() is not True:
        return f"ours: {want}, CEL: {evaluated(env, case['cel']).plain_value()}"
    return None


def main(path):
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_math, ext_strings

    env = cel.NewEnv(extensions=[ext_strings.ExtStrings(), ext_math.ExtMath()])
    cases = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    wrong = []
    for case in cases:
        found = difference(env, case)
        if found:
            wrong.append((case["ours"], case["cel"], found))
    for ours, text, found in sorted(wrong, key=lambda each: len(each[1]))[:20]:
        print(f"{ours}\n  {text}\n  {found}")
    print(f"{len(cases)} expressions, {len(wrong)} differences")
    return 1 if wrong or len(cases) < LEAST else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with_package()
    sys.exit(main(sys.argv[1]))
