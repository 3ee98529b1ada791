#!/usr/bin/env python3
"""A small backend: runs one job of a plan (`hook.plan/v1`), one op after the other, as docs/plan.md says.

What it cannot do it refuses by name, before anything runs. Exit codes: 0 succeeded, 1 failed, 2 refused.

    hookc compile nightly.hook -o build && python3 backend.py build/nightly.plan.json -p data=data/small.csv
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import math
import operator
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

Value = Any  # None, bool, int, float, str, list or dict
Values = dict[str, Value]  # by name, or by context path
Node = dict[str, Any]  # a part of the plan


class EvalError(Exception):
    """An expression has no value; the argument says why in a word."""


class Failure(Exception):
    """An op, a gate or a hook has failed."""

    def __init__(self, kind: str, message: str, exit_code: int | None = None, outputs: Values | None = None):
        self.kind, self.message, self.exit_code, self.outputs = kind, message, exit_code, outputs or {}
        self.undecided: dict[str, str] = {}

    def context(self) -> Values:
        return {"error.kind": self.kind, "error.message": self.message, "error.exit_code": self.exit_code}


# ---- Values and expressions


def text(value: Value, in_json: bool = False) -> str:
    """The text form; inside JSON, texts are quoted. Keys are in the order of code points."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if in_json else value
    if isinstance(value, list):
        return f"[{','.join(text(item, True) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{text(key, True)}:{text(item, True)}" for key, item in sorted(value.items())) + "}"
    if isinstance(value, float):
        return re.sub(r"e\+?(-?)0*", r"e\1", repr(finite(value)))
    return json.dumps(value)


def fail(error: str) -> Any:
    raise EvalError(error)


def finite(value: float) -> float:
    return value if math.isfinite(value) else fail("not_finite")


def int64(value: int) -> int:
    return value if -(2**63) <= value < 2**63 else fail("overflow")


def quotient(a: int, b: int) -> int:
    """Rounded towards zero."""
    return int64(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)) if b else fail("division_by_zero")


# The operations that evaluate their operands first, in this order of operands. What is in neither list is refused.
OPERANDS = ("of", "a", "b", "at", "key", "n", "digits", "by", "value")
STRICT: dict[str, Callable[..., Value]] = {
    **dict.fromkeys(("narrow", "some", "retype", "json"), lambda a: a),
    **dict.fromkeys(("size_string", "size_list", "size_map"), len),
    **dict.fromkeys(("concat", "concat_list"), operator.add),
    **dict.fromkeys(("in_list", "in_map"), lambda a, b: a in b),
    **{name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    "is_null": lambda a: a is None,
    "not": operator.not_,
    "int_add": lambda a, b: int64(a + b),
    "int_sub": lambda a, b: int64(a - b),
    "int_mul": lambda a, b: int64(a * b),
    "int_div": quotient,
    "int_rem": lambda a, b: a - b * quotient(a, b),
    "int_neg": lambda a: int64(-a),
    "int_to_float": float,
    "float_add": operator.add,
    "float_sub": operator.sub,
    "float_mul": operator.mul,
    "float_neg": operator.neg,
    "to_text": text,
    "fixed": lambda a, digits: f"{finite(a):.{digits}f}" if 0 <= digits <= 100 else fail("range"),
    "url_encode": lambda a: quote(a, safe=""),
    "truncate": lambda a, n: fail("range") if n < 0 else a if len(a) <= n else a[: n - 1] + "…" if n else "",
    "contains": operator.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "join": lambda a, by: by.join(a),
    "index_list": lambda of, at: of[at] if 0 <= at < len(of) else fail("index"),
    "index_map": lambda of, key: of[key] if key in of else fail("key"),
    "get_map": dict.get,
}
LAZY = [
    *("const", "list", "map", "record", "map_of", "template", "ctx", "local", "connection", "field"),
    *("or_else", "and", "or", "cond", "macro.all", "macro.exists", "macro.map", "macro.filter"),
]


def evaluate(node: Node, context: Values) -> Value:
    """The value of an expression. Context paths, variables and connections are keys of `context`."""

    def value(operand: str) -> Value:
        return evaluate(node[operand], context)

    match node["op"]:
        case "const":
            return float(node["value"]) if node["type"] == "float" else node["value"]
        case "list":
            return [evaluate(item, context) for item in node["items"]]
        case "map" | "map_of" | "record" as operation:
            entries = node["fields" if operation == "record" else "entries"]
            return {entry["key"]: evaluate(entry["value"], context) for entry in entries}
        case "template":
            return "".join(evaluate(part, context) for part in node["parts"])
        case "ctx" | "local" | "connection":
            return context.get(node.get("path") or node["name"])
        case "field":
            return value("of").get(node["name"])
        case "or_else":
            first = value("a")
            return value("b") if first is None else first
        case "and":
            return value("a") and value("b")
        case "or":
            return value("a") or value("b")
        case "cond":
            return value("a") if value("if") else value("b")
        case "macro":
            results = turns(node, value("over"), context)
            match node["kind"]:
                case "all":
                    return all(result for _, result in results)
                case "exists":
                    return any(result for _, result in results)
                case "filter":
                    return [item for item, result in results if result]
            return [result for _, result in results]
    return STRICT[node["op"]](*(value(operand) for operand in OPERANDS if operand in node))


def turns(node: Node, over: Value, context: Values) -> Iterator[tuple[Value, Value]]:
    """What a macro goes over, and the value of its body there."""
    for key, item in enumerate(over) if isinstance(over, list) else sorted(over.items()):
        one = item if isinstance(over, list) else key
        inner = context | ({node["var"]: key, node["value_var"]: item} if "value_var" in node else {node["var"]: one})
        if "keep" not in node or evaluate(node["keep"], inner):
            yield one, evaluate(node["body"], inner)


# ---- What this engine can do, in the words of the plan's `uses`

FEATURES = """
    body.exec body.shell body.python input.where output.check connection.plain connection.mock
    component.env component.cwd result.stdout
    type.bool type.int type.float type.string type.path type.uri type.json type.list type.map type.optional
    type.enum type.record op.when op.retry op.retry.when op.retry.delay op.retry.max op.skip_when op.timeout op.concurrency
    op.allow_failure op.allow_failure.when op.fail_fast job.fail_fast op.at_most_once op.each.const op.each.dynamic op.job
    edge.succeeded edge.failed edge.stopped edge.skipped edge.upstream_failed edge.any edge.path
    on.start.op on.end.op on.retrying.op on.succeeded.op on.failed.op on.skipped.op on.upstream_failed.op on.done.op
    on.start.job on.succeeded.job on.failed.job on.done.job
    verb.run verb.require verb.fail verb.warn hook.when hook.retry hook.timeout
    ctx.inputs ctx.outputs ctx.ops.outputs ctx.ops.status ctx.error.message ctx.error.kind ctx.error.exit_code ctx.hook.name ctx.hook.path
    ctx.op.name ctx.op.component ctx.op.attempt ctx.op.item ctx.op.status ctx.job.name ctx.job.id ctx.job.source
    ctx.job.profile ctx.job.inputs ctx.job.status ctx.job.error_message ctx.job.failed_ops ctx.job.duration
    guarantee.isolation guarantee.order guarantee.once
"""
SUPPORTED = {*FEATURES.split(), *(f"ir.{operation}" for operation in (*STRICT, *LAZY))}
# Said, not refused: what a hook still has to do when this process is killed is lost.
NOT_GUARANTEED = "guarantee.delivery"
MAX_ITEMS = 10_000
RETRIED = ("exit", "signal", "timeout", "spawn", "http", "agent_protocol")


def refusals(plan: Node) -> list[str]:
    """What of the plan cannot be done here. Neither triggers count, nor components that are only given mocks."""
    ops = [op for job in plan["jobs"].values() for op in job["ops"]]
    hooks = [hook for owner in (*ops, *plan["jobs"].values()) for hook in owner["hooks"]]
    calls = [(op["runs"].get("component"), op["args"]) for op in ops]
    calls += [(hook.get("component"), hook.get("args", [])) for hook in hooks]
    mocks = {name for name, connection in plan["connections"].items() if "mock" in connection["value"]}
    run = {key for key, args in calls if not any(is_mock(arg["value"], mocks) for arg in args)}
    ignored = {f"{key}.{trigger['name']}" for key, job in plan["jobs"].items() for trigger in job["triggers"]}
    ignored |= plan["components"].keys() - run
    rows = [(row["feature"], row["at"]) for row in plan["uses"] if row["at"] not in ignored]
    found = [row for row in rows if row[0] not in SUPPORTED | {NOT_GUARANTEED}]
    # What follows has no feature of its own in `uses`.
    found += [row for row in rows if row[0] == "input.where" and row[1] in plan["types"]]
    found += [("timeout of a job", op["name"]) for op in ops if "timeout_ms" in op and "job" in op["runs"]]
    found += [(f"constants of type {word}", "jobs") for word in ("duration", "timestamp") if has_constant(plan, word)]
    return [f"{feature} at {at}" for feature, at in found]


def is_mock(value: Node, mocks: set[str]) -> bool:
    return value["op"] == "connection" and value["name"] in mocks


def has_constant(part: Any, word: str) -> bool:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    own = isinstance(part, dict) and part.get("op") == "const" and word in text(part["type"], True)
    return own or any(has_constant(one, word) for one in inner)


# ---- Running components

DRIVER = """
import importlib, json, operator, os, sys
sys.path[0] = os.getcwd()
call = operator.attrgetter(sys.argv[2])(importlib.import_module(sys.argv[1]))
outputs = call(**json.load(open(os.environ["HOOK_INPUTS"], encoding="utf-8"))) or {}
json.dump(outputs, open(os.environ["HOOK_OUTPUTS"], "w", encoding="utf-8"), allow_nan=False)
"""


class Engine:
    """One run of a plan: its files, its trace, and the components that it runs."""

    def __init__(self, plan: Node, root: Path):
        self.plan, self.root, self.lines = plan, root, list[str]()
        self.run = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{random.randrange(16**6):06x}"
        self.folder = root / ".hook" / "runs" / self.run
        self.begun: Counter[str] = Counter()  # runs of a job, by node
        self.attempts: Counter[str] = Counter()  # by folder
        self.connections = {name: self.connection(name, one["value"]) for name, one in plan["connections"].items()}

    def connection(self, name: str, value: Node) -> Value:
        if "mock" in value:
            return {"$mock": name}
        return {key: evaluate(one["const"], {}) for key, one in value["fields"].items()}

    def tell(self, event: str, **fields: Value) -> None:
        """Writes a line of the trace."""
        line = {"seq": len(self.lines), "event": event} | {key: one for key, one in fields.items() if one is not None}
        self.lines.append(text(line, True))

    def read(self, value: Any, kind: Any, path: Callable[[str], str] = str) -> Value:
        """A value of a type, each path in it changed by `path`; ValueError when it is not of the type."""
        match kind:
            case {"optional": inner}:
                return None if value is None else self.read(value, inner, path)
            case {"list": inner} if isinstance(value, list):
                return [self.read(item, inner, path) for item in value]
            case {"map": inner} if isinstance(value, dict):
                return {key: self.read(item, inner, path) for key, item in value.items()}
            case {"record": name} if isinstance(value, dict):
                return value if "$mock" in value else self.read_fields(value, self.plan["types"][name]["record"], path)
            # ErrorKind and the other built-in enums are not in the plan.
            case {"enum": name} if value in self.plan["types"].get(name, {"enum": [value]})["enum"]:
                return value
            case "int" if type(value) is int and int64(value) == value:
                return value
            case "float" if type(value) in (int, float):
                return float(finite(value))
            case "bool" if isinstance(value, bool):
                return value
            case "string" | "uri" | "path" if isinstance(value, str):
                return path(value) if kind == "path" else value
            case "json":
                return value
        raise ValueError(f"expected {text(kind, True)}, found {text(value, True)[:60]}")

    def read_fields(self, given: Any, fields: list[Node], path: Callable[[str], str] = str) -> Values:
        if not isinstance(given, dict) or given.keys() - {one["name"] for one in fields}:
            raise ValueError(f"expected an object with the declared keys, found {text(given, True)[:60]}")
        given = {one["name"]: evaluate(one["default"], {}) for one in fields if "default" in one} | given
        return {one["name"]: self.read(given.get(one["name"]), one["type"], path) for one in fields}

    def mocked(self, component: str, inputs: Values) -> Values | None:
        """What a component answers that is given a mock."""
        for name in mocks_in(inputs):
            answers = self.plan["connections"][name]["value"]["mock"]["outputs"].get(component, {})
            declared = self.plan["components"][component]["outputs"]
            given = {answer: evaluate(value, {}) for answer, value in answers.items()}
            return {one["name"]: given.get(one["name"]) for one in declared}
        return None

    def attempt(self, key: str, inputs: Values, label: str, timeout_ms: int | None, extra: dict[str, str]) -> Values:
        """Runs a component once: its outputs, or a Failure."""
        component = self.plan["components"][key]
        self.attempts[label] += 1
        work = self.folder / "work" / label / str(self.attempts[label])
        work.mkdir(parents=True)
        inputs = self.read_fields(inputs, component["inputs"], lambda path: str(self.root / path))
        context = {f"inputs.{name}": value for name, value in inputs.items()}
        Path(f"{work}.inputs.json").write_text(text(inputs, True), encoding="utf-8")
        cwd = self.root / (evaluate(component["cwd"], context) if "cwd" in component else "")
        files = {"HOOK_INPUTS": f"{work}.inputs.json", "HOOK_OUTPUTS": f"{work}.outputs.json", "HOOK_WORK": str(work)}
        hidden = {secret["name"] for secret in self.plan["secrets"]}
        env = {name: one for name, one in os.environ.items() if not name.startswith("HOOK_") and name not in hidden}
        env |= extra | files | {"HOOK_RUN": self.run}
        match next(body for body in component["bodies"] if body.keys() & {"exec", "shell", "python"}):
            case {"exec": items}:
                argv = [text(one) for item in items for one in exec_item(item, context)]
            case {"shell": script}:
                argv = ["/bin/sh", "-e", "-c", script]
                env |= {f"HOOK_INPUT_{name.upper()}": text(one) for name, one in inputs.items() if one is not None}
            case {"python": call}:
                argv = [sys.executable, "-c", DRIVER, call["module"], call["function"]]
        env |= {name: text(evaluate(value, context)) for name, value in component.get("env", {}).items()}
        failure = process(argv, cwd, env, work, timeout_ms)
        return self.outputs(component, work, cwd, failure)

    def outputs(self, component: Node, work: Path, cwd: Path, failure: Failure | None) -> Values:
        """What an attempt has left: all outputs, or the Failure with those of their types."""

        def read(declared: Node, given: Any) -> Value:
            def keep(path: str) -> str:
                full = cwd / path
                if not full.exists():
                    raise ValueError(f"{path!r} is not there")
                if work.resolve() in full.resolve().parents:
                    return str(full)
                (work / declared["name"]).mkdir(exist_ok=True)
                copy = shutil.copytree if full.is_dir() else shutil.copy2
                return str(copy(full, work / declared["name"] / full.name))

            return self.read(given.get(declared["name"]), declared["type"], keep)

        given: Any = {}
        try:
            given = written(component, work)
            if not failure:
                self.read_fields(given, component["outputs"])
                return {declared["name"]: read(declared, given) for declared in component["outputs"]}
        except (ValueError, EvalError) as error:
            failure = failure or Failure("output_type", f"outputs: {error}")
            given = given if failure.kind != "output_type" else {}
        for declared in component["outputs"]:
            if isinstance(given, dict) and declared["name"] in given:
                with contextlib.suppress(ValueError, EvalError):
                    failure.outputs[declared["name"]] = read(declared, given)
        raise failure


def mocks_in(value: Value) -> Iterator[str]:
    """The connections whose mocks are in a value, at any depth."""
    if isinstance(value, dict) and "$mock" in value:
        yield value["$mock"]
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from mocks_in(one)


def exec_item(item: Node, context: Values) -> list[Value]:
    return evaluate(item["spread"], context) if "spread" in item else [evaluate(item, context)]


def written(component: Node, work: Path) -> Any:
    """The JSON that a process has left."""
    file, found = Path(f"{work}.outputs.json"), "{}"
    if component["outputs_from"] == "file":
        found = file.read_text(encoding="utf-8") if file.exists() else found
    elif component["outputs"]:
        found = [found, *filter(str.strip, Path(f"{work}.out").read_text(encoding="utf-8").splitlines())][-1]
    return json.loads(found, object_pairs_hook=unique, parse_constant=unique)


def unique(pairs: Any) -> dict[str, Any]:
    """An object of JSON that has no key twice. `Infinity` and `NaN` are not JSON."""
    if isinstance(pairs, str) or len(dict(pairs)) < len(pairs):
        raise ValueError(f"expected JSON, found {pairs}")
    return dict(pairs)


def process(argv: list[str], cwd: Path, env: dict[str, str], work: Path, timeout_ms: int | None) -> Failure | None:
    """Runs a process, and ends what it leaves."""
    with open(f"{work}.out", "wb") as out, open(f"{work}.err", "wb") as err:
        streams = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": err}
        try:
            running = subprocess.Popen(argv, cwd=cwd, env=env, start_new_session=True, **streams)  # type: ignore[call-overload]
        except OSError as error:
            return Failure("spawn", f"`{argv[0]}` cannot be started: {error}")
        try:
            code = running.wait(timeout_ms and timeout_ms / 1000)
        except subprocess.TimeoutExpired:
            return Failure("timeout", f"timed out after {duration_text(timeout_ms or 0)}")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    tail = Path(f"{work}.err").read_bytes()[-4096:].decode(errors="replace").strip()
    said = f": {tail}" if tail else ""
    if code < 0:
        return Failure("signal", f"ended by signal {-code}{said}")
    return Failure("exit", f"exit code {code}{said}", code) if code else None


def delay(lines: list[Node], failure: Failure, made: int, context: Values) -> float | None:
    """The seconds before the next try; None when there is no other."""
    for line in lines if failure.kind in RETRIED else []:
        try:
            if holds(line.get("when"), context | failure.context()):
                longest = min(line["max_ms"], line["delay_ms"] * 2 ** (made - 1)) / 1000
                return random.uniform(longest / 2, longest) if made <= line["times"] else None
        except EvalError as error:
            failure.undecided["retry"] = str(error)
            return None
    return None


def decides(op: Node, setting: str, failure: Failure, context: Values) -> bool:
    """Whether a setting's condition holds for a failure. One that cannot be evaluated does not, which is noted."""
    try:
        return setting in op and holds(op[setting], context)
    except EvalError as error:
        failure.undecided[setting] = str(error)
        return False


def holds(cond: Node | None, context: Values) -> bool:
    return cond is None or evaluate(cond["expr"], context)


def arguments(args: list[Node], context: Values) -> Values:
    values = {arg["name"]: evaluate(arg["value"], context) for arg in args}
    text(values)  # A float that is not finite has no text form: `not_finite`.
    return values


# ---- Hooks

NO_ERROR = dict.fromkeys(("error.kind", "error.message", "error.exit_code"))


@dataclass
class Subject:
    """What hooks watch: a job, an op, or an item of an op."""

    engine: Engine
    node: str
    epoch: int
    hooks: list[Node]
    context: Values
    item: int | None = None
    attempt: int = 0

    def see(self, failure: Failure | None = None, outputs: Values | None = None, **fields: Value) -> None:
        """Changes what hooks read."""
        self.context |= {path: None for path in self.context if path.startswith("outputs.")}
        self.context |= failure.context() if failure else NO_ERROR
        self.context |= {f"outputs.{name}": value for name, value in (outputs or {}).items()}
        self.context |= {f"op.{name}": value for name, value in fields.items()} | {"op.attempt": self.attempt}

    def on(self, *events: str) -> Iterator[tuple[Node, Values, str]]:
        """The hooks of a moment, with what all lines of the trace say of one, and its delivery id."""
        for hook in self.hooks:
            trigger = next((on["event"] for on in hook["on"] if on["event"] in events), None)
            if trigger:
                path = f"{self.node}.{hook['name']}"
                parts = [self.engine.run, self.node, self.item, self.epoch, self.attempt, 0, trigger, path]
                key = "hk_" + hashlib.sha256(text(parts).encode()).hexdigest()[:32]
                yield hook, {"hook": path, "item": self.item, "trigger": trigger, "attempt": self.attempt}, key

    def run(self, hook: Node, args: Values, key: str) -> Values:
        """Runs the component of a hook, with its tries."""
        op = self.node.partition(".")[2] if "op.name" in self.context else ""
        label = ".".join(filter(None, (file_name(op, self.item), hook["name"], key)))
        extra, settings = {"HOOK_OP": op, "HOOK_DELIVERY": key}, hook["settings"]
        timeout_ms = settings.get("timeout_ms", 60_000)
        for made in itertools.count(1):
            try:
                return self.engine.attempt(hook["component"], args, label, timeout_ms, extra)
            except Failure as failure:
                wait = delay(settings.get("retry", []), failure, made, self.context)
                if wait is None:
                    raise
                time.sleep(wait)
        raise AssertionError

    def require_where(self, hook: Node, args: Values) -> None:
        """Fails on an argument that breaks a `where` of the hook's component."""
        if args:
            require_where(self.engine.plan["components"][hook["component"]]["inputs"], args)

    def fire(self, *events: str) -> None:
        """Decides and runs the observers of a moment; none of them changes anything else."""
        for hook, about, key in self.on(*events):
            if hook["verb"] != "run":
                continue
            self.context |= {"hook.name": hook["name"], "hook.path": hook["path"]}
            try:
                fires = holds(hook.get("when"), self.context)
                args = arguments(hook.get("args", []), self.context) if fires else {}
                self.require_where(hook, args)
            except EvalError as error:
                self.engine.tell("hook_evaluated", **about, verdict="errored", kind=str(error))
                continue
            except Failure:
                self.engine.tell("hook_evaluated", **about, verdict="errored")
                continue
            self.engine.tell("hook_evaluated", **about, verdict="fired" if fires else "not_fired")
            if fires:
                mocked = self.engine.mocked(hook["component"], args)
                about |= {"key": key, "args": args, "mocked": mocked is not None}
                try:
                    outputs = self.run(hook, args, key) if mocked is None else mocked
                    self.engine.tell("hook_finished", **about, status="succeeded", outputs=outputs)
                except Failure as why:
                    self.engine.tell("hook_finished", **about, status="failed", kind=why.kind, outputs=why.outputs)

    def ask_gates(self, event: str) -> None:
        """Asks the gates in their order; a refusal is a Failure."""
        for hook, about, key in self.on(event):
            if hook["verb"] == "run":
                continue
            self.context |= {"hook.name": hook["name"], "hook.path": hook["path"]}
            kind, refusal, decision = None, None, "passed"
            try:
                if holds(hook.get("when"), self.context):
                    if hook["verb"] == "require":
                        args = arguments(hook.get("args", []), self.context)
                        try:
                            self.require_where(hook, args)
                        except Failure as broken:
                            decision = "errored"
                            raise broken
                        if self.engine.mocked(hook["component"], args) is None:
                            self.run(hook, args, key)
                    else:
                        message = evaluate(hook["message"], self.context)
                        decision, refusal = ("refused", message) if hook["verb"] == "fail" else ("warned", None)
            except EvalError as error:
                decision, kind, refusal = "errored", str(error), f"gate `{hook['name']}` cannot be evaluated: {error}"
            except Failure as failure:
                decision = "refused" if decision == "passed" else decision
                kind, refusal = failure.kind, f"gate `{hook['name']}` refused: {failure.message}"
            self.engine.tell("gate", **about, verb=hook["verb"], decision=decision, kind=kind)
            if refusal is not None:
                raise Failure("gate", refusal)


def file_name(op: str, item: int | None) -> str:
    return op.replace("[", ".").replace("]", "") + ("" if item is None else f".{item}")


# ---- Jobs, ops and items


@dataclass
class Ended:
    """An op, an item or a job that is final."""

    state: str
    outputs: Values = field(default_factory=dict)
    failure: Failure | None = None
    allowed: bool = False
    """Whether its failure is not the job's."""
    items: list[Ended] = field(default_factory=list)


class JobRun:
    """A run of a job, called by an op or not."""

    def __init__(self, engine: Engine, key: str, inputs: Values, node: str, run_id: str, source: str):
        self.engine, self.job, self.inputs = engine, engine.plan["jobs"][key], inputs
        self.node, self.id, self.source = node, run_id, source
        self.epoch, self.ended = engine.begun[node], dict[str, Ended]()
        engine.begun[node] += 1
        self.context = engine.connections | {f"job.inputs.{name}": value for name, value in inputs.items()}
        self.context |= {"job.name": self.job["name"], "job.id": run_id, "job.source": source}
        self.context |= {f"ops.{op['name']}.status": "pending" for op in self.job["ops"]}
        self.context["job.profile"] = engine.plan.get("profile")

    def run(self) -> Ended:
        engine, job, began = self.engine, self.job, time.monotonic()
        subject = Subject(engine, self.node, self.epoch, job["hooks"], self.context)
        ended, message, first = Ended("succeeded"), None, None
        engine.tell("job_started", job=self.node, inputs=self.inputs, trigger=self.source)
        try:
            subject.ask_gates("start")
            subject.fire("start")
            for op in job["ops"]:
                self.run_op(op)
                if self.counts(op, self.ended[op["name"]]) and job.get("fail_fast"):
                    break
            for op in job["ops"]:
                ended_op = self.ended.get(op["name"], Ended("pending"))
                failure = ended_op.failure
                if failure and not ended_op.allowed:
                    message = "\n".join([*filter(None, [message]), f"{op['name']}: {failure.message}"])
                    first = first or failure
            if first:
                raise first
            ended.outputs = arguments(job["outputs"], self.context)
        except Failure as failure:
            ended = Ended("failed", {}, failure)
        except EvalError as error:
            ended = Ended("failed", {}, Failure("output_type", f"cannot evaluate an output: {error}"))
        failed = [op for op in job["ops"] if op["name"] in self.ended and self.ended[op["name"]].failure]
        engine.tell("job_finished", job=self.node, status=ended.state, failed_ops=[op["name"] for op in failed])
        subject.context |= {"job.status": ended.state, "job.failed_ops": [row for op in failed for row in self.rows(op)]}
        subject.context["job.error_message"] = message or (ended.failure and ended.failure.message)
        subject.context["job.duration"] = duration_text(round((time.monotonic() - began) * 1000))
        subject.fire(ended.state, "done")
        return ended

    def rows(self, op: Node) -> list[Value]:
        """A row for the op, or for each of its items that failed."""
        ended = self.ended[op["name"]]
        row = {"name": op["name"], "component": next(iter(op["runs"].values())), "allow_failure": ended.allowed}
        failed = [(number, item.failure) for number, item in enumerate(ended.items) if item.state == "failed"]
        return [
            row | {"item": item, "error_message": failure.message if failure else ""}
            for item, failure in failed or [(None, ended.failure)]
        ]

    @staticmethod
    def counts(op: Node, ended: Ended) -> bool:
        """Whether the failure of an op or an item is the job's."""
        return ended.failure is not None and not (ended.allowed or op["allow_failure"])

    def needs(self, edges: list[Node]) -> str | None:
        """The state of an op that cannot run, because of those that it waits for."""

        def against(edge: Node) -> str | None:
            state = self.ended[edge["op"]].state
            failed = state in ("failed", "upstream_failed") and "succeeded" in edge["states"]
            return None if state in edge["states"] else "upstream_failed" if failed else "skipped"

        verdicts = [(edge.get("any"), against(edge)) for edge in edges]
        held = {group for group, verdict in verdicts if group is not None and verdict is None}
        # The greater word is the stronger one: `upstream_failed` wins over `skipped`.
        return max((verdict for group, verdict in verdicts if verdict and group not in held), default=None)

    def decide(self, op: Node) -> Ended | list[Values]:
        """How an op ends that has no items to run, or the variables of its items."""
        state = self.needs(op["edges"])
        if state:
            return Ended(state)
        try:
            if not holds(op.get("when"), self.context):
                return Ended("skipped")
        except EvalError as error:
            return Ended("failed", {}, Failure("condition", f"cannot evaluate `when`: {error}"))
        names = [fan["var"] for fan in op.get("each", [])]
        try:
            lists = [evaluate(fan["over"], self.context) for fan in op.get("each", [])]
        except EvalError as error:
            return Ended("failed", {}, Failure("input", f"cannot evaluate a list: {error}"))
        if math.prod(map(len, lists)) > MAX_ITEMS:
            return Ended("failed", {}, Failure("input", f"the fan-out has more than {MAX_ITEMS} items"))
        items = [dict(zip(names, item, strict=True)) for item in itertools.product(*lists)]
        return items or Ended("succeeded", {output["name"]: [] for output in op["outputs"]})

    def run_op(self, op: Node) -> None:
        """An op from the moment when all that it waits for is final."""
        decided = self.decide(op)
        if isinstance(decided, Ended):
            ended = decided
            self.finish(op, self.subject(op, None, {}), ended, fires=ended.state != "succeeded")
        elif "each" in op:
            items = list[Ended]()
            for number, one in enumerate(decided):
                items.append(self.run_item(op, number, one))
                # One item runs at a time, so none has to be stopped; those that have not begun never exist.
                if self.counts(op, items[-1]) and (op.get("fail_fast") or self.job.get("fail_fast")):
                    break
            ended = collected(op, items)
            ended.items = items
        else:
            ended = self.run_item(op, None, {})
        self.ended[op["name"]] = ended
        self.context |= {f"ops.{op['name']}.outputs.{name}": value for name, value in ended.outputs.items()}
        self.context[f"ops.{op['name']}.status"] = ended.state

    def subject(self, op: Node, item: int | None, variables: Values) -> Subject:
        context = self.context | variables | {"op.item": item, "op.name": op["name"]}
        context["op.component"] = next(iter(op["runs"].values()))
        return Subject(self.engine, f"{self.node}.{op['name']}", self.epoch, op["hooks"], context, item)

    def finish(self, op: Node, subject: Subject, ended: Ended, fires: bool = True) -> None:
        """An op or an item is final. A fan-out without items has none that a hook could watch."""
        why = ended.failure
        if why:
            subject.see(why, ended.outputs, status="failed")
            if decides(op, "skip_when", why, subject.context):
                ended.state, ended.outputs, ended.failure = "skipped", {}, None
                why = None
            else:
                ended.allowed = op["allow_failure"] or decides(op, "allow_failure_when", why, subject.context)
        kind, code = (why.kind, why.exit_code) if why else (None, None)
        about = {"op": subject.node, "item": subject.item, "attempt": subject.attempt, "status": ended.state}
        undecided = why.undecided if why else {}
        self.engine.tell("op_finished", **about, outputs=ended.outputs, kind=kind, exit_code=code, undecided=undecided)
        subject.see(why, ended.outputs, status=ended.state)
        if fires:
            subject.fire(ended.state, "done")

    def run_item(self, op: Node, item: int | None, variables: Values) -> Ended:
        subject, ended = self.subject(op, item, variables), Ended("succeeded")
        try:
            inputs = self.arguments(op, subject)
            # At `start` the attempt is the one that begins; when none begins, there was none.
            subject.attempt = 1
            subject.see()
            try:
                subject.ask_gates("start")
            except Failure:
                subject.attempt = 0
                raise
            subject.fire("start")
            ended.outputs = self.tries(op, subject, inputs)
            subject.see(None, ended.outputs)
            subject.ask_gates("end")
            subject.fire("end")
        except Failure as failure:
            ended = Ended("failed", failure.outputs or ended.outputs, failure)
        self.finish(op, subject, ended)
        if ended.failure and ended.failure.kind == "gate":
            # What a gate on `end` refused is for the hooks of the op alone.
            ended.outputs = {}
        return ended

    def arguments(self, op: Node, subject: Subject) -> Values:
        plan = self.engine.plan
        called = plan["jobs"][op["runs"]["job"]] if "job" in op["runs"] else plan["components"][op["runs"]["component"]]
        try:
            inputs = arguments(op["args"], subject.context)
            subject.context |= {f"inputs.{name}": value for name, value in inputs.items()}
            require_where(called["inputs"], inputs)
        except EvalError as error:
            raise Failure("input", f"cannot evaluate an argument: {error}") from error
        return inputs

    def tries(self, op: Node, subject: Subject, inputs: Values) -> Values:
        about = {"op": subject.node, "item": subject.item}
        while True:
            self.engine.tell("op_started", **about, attempt=subject.attempt, inputs=inputs)
            try:
                return self.attempt(op, subject, inputs)
            except Failure as failure:
                subject.see(failure, failure.outputs)
                wait = delay(op.get("retry", []), failure, subject.attempt, subject.context)
                if wait is None:
                    raise
                self.engine.tell("op_retrying", **about, attempt=subject.attempt, kind=failure.kind)
                subject.fire("retrying")
                time.sleep(wait)
                subject.attempt += 1

    def attempt(self, op: Node, subject: Subject, inputs: Values) -> Values:
        name = subject.node.partition(".")[2]
        if "component" in op["runs"]:
            key, label = op["runs"]["component"], file_name(name, subject.item)
            mocked = self.engine.mocked(key, inputs)
            if mocked is not None:
                return mocked
            return self.engine.attempt(key, inputs, label, op.get("timeout_ms"), {"HOOK_OP": name})
        node, run_id = subject.node, f"{self.id}/{op['name']}"
        if subject.item is not None:
            node, run_id = f"{node}[{subject.item}]", f"{run_id}.{subject.item}"
        ended = JobRun(self.engine, op["runs"]["job"], inputs, node, run_id, "job").run()
        if ended.failure:
            raise ended.failure
        return ended.outputs


def collected(op: Node, items: list[Ended]) -> Ended:
    """A fan-out whose items are all final."""
    failed = next(((number, item.failure) for number, item in enumerate(items) if item.failure), None)
    outputs = {one["name"]: [item.outputs.get(one["name"]) for item in items] for one in op["outputs"]}
    if not failed:
        succeeded = any(item.state == "succeeded" for item in items)
        return Ended("succeeded", outputs) if succeeded else Ended("skipped")
    failure = Failure(failed[1].kind, f"item {failed[0]}: {failed[1].message}", failed[1].exit_code)
    allowed = all(item.allowed for item in items if item.failure)
    return Ended("failed", outputs if allowed else {}, failure, allowed)


def require_where(fields: list[Node], values: Values) -> None:
    """Fails on an input that breaks its `where`."""
    context = {f"{root}.{name}": value for name, value in values.items() for root in ("inputs", "job.inputs")}
    for declared in fields:
        if not holds(declared.get("where"), context):
            name, where = declared["name"], declared["where"]["source"]
            raise Failure("input", f"`{name}` is {text(values[name], True)}, which does not satisfy `where {where}`")


def duration_text(ms: int) -> str:
    hours, minutes, seconds = ms // 3_600_000, ms // 60_000 % 60, f"{ms % 60_000 / 1000:g}"
    return "".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if str(n) != "0") or "0s"


# ---- The command


def from_text(written: str, kind: Any) -> Any:
    """The JSON of an input on the command line: texts are given as they are, all else is JSON."""
    if isinstance(kind, dict) and "optional" in kind:
        return None if written == "null" else from_text(written, kind["optional"])
    is_text = kind in ("string", "path", "uri") or (isinstance(kind, dict) and "enum" in kind)
    return written if is_text else json.loads(written)


def report(lines: list[str]) -> None:
    """What the trace says, for people."""
    for line in map(json.loads, lines):
        item = f"[{line['item']}]" if "item" in line else ""
        match line["event"]:
            case "op_finished":
                print(f"{line['status']:16} {line['op']}{item}  {line.get('kind', '')}")
            case "gate":
                print(f"  gate {line['decision']:11} {line['hook']}{item}")
            case "hook_evaluated" if line["verdict"] != "fired":
                print(f"  hook {line['verdict']:11} {line['hook']}{item}")
            case "hook_finished":
                state = "mocked" if line["mocked"] else line["status"]
                print(f"  hook {state:11} {line['hook']}{item} {text(line['args'])}")
            case "job_finished":
                print(f"{line['status']:16} {line['job']}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs one job of a plan.")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--job", help="its key in the plan; the only job without it")
    parser.add_argument("--root", type=Path, default=Path(), help="the folder of the project")
    parser.add_argument("-p", dest="inputs", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    plan = json.loads(options.plan.read_text(encoding="utf-8"))
    called = {op["runs"]["job"] for job in plan["jobs"].values() for op in job["ops"] if "job" in op["runs"]}
    keys = [options.job] if options.job else [key for key in plan["jobs"] if key not in called]
    refused = refusals(plan) if plan["plan"] == "hook.plan/v1" else [f"the version {plan['plan']}"]
    if len(keys) != 1 or keys[0] not in plan["jobs"]:
        refused.append(f"the choice of a job: the plan has {', '.join(plan['jobs'])}")
    if refused:
        print("this engine cannot do:", *refused, sep="\n  ", file=sys.stderr)
        return 2
    if any(row["feature"] == NOT_GUARANTEED for row in plan["uses"]):
        print(f"without {NOT_GUARANTEED}: hooks are lost when this process is killed", file=sys.stderr)
    engine, job = Engine(plan, options.root.absolute()), plan["jobs"][keys[0]]
    kinds = {declared["name"]: declared["type"] for declared in job["inputs"]}
    try:
        given = dict(one.split("=", 1) for one in options.inputs)
        given = {name: from_text(written, kinds.get(name)) for name, written in given.items()}
        inputs = engine.read_fields(given, job["inputs"])
        require_where(job["inputs"], inputs)
    except (ValueError, Failure, EvalError) as error:
        print(f"the inputs: {getattr(error, 'message', error)}", file=sys.stderr)
        return 2
    engine.folder.mkdir(parents=True)
    try:
        ended = JobRun(engine, keys[0], inputs, job["name"], engine.run, "manual").run()
    except KeyboardInterrupt:
        print("interrupted: no hook is run any more", file=sys.stderr)
        return 130
    finally:
        (engine.folder / "events.jsonl").write_text("".join(f"{line}\n" for line in engine.lines), encoding="utf-8")
        report(engine.lines)
    print(f"outputs {text(ended.outputs)}\nfolder {engine.folder}")
    return 0 if ended.state == "succeeded" else 1


if __name__ == "__main__":
    sys.exit(main())
