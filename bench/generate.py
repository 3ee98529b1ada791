#!/usr/bin/env python3
"""Writes one pipeline in three languages: `.hook`, Python and Nickel.

Decides what the pipeline is: N training ops, each with three typed parameters,
up to two dependencies on earlier ops, and two hooks whose conditions read the
op's typed outputs. The three files say the same thing as far as each language
can: names are references that a checker must resolve, parameters and outputs
have declared types, conditions are code.

    python3 bench/generate.py FOLDER N [--break]

`--break` gives the op in the middle a text where a float is wanted. Whoever
checks types must refuse it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

#: Op i waits for the ops this many places before it.
DISTANCES = (1, 7)
COMPONENTS = 20


class Hook(NamedTuple):
    event: str
    limit: float
    channel: str


@dataclass
class Op:
    number: int
    component: int
    lr: str
    epochs: int
    dataset: str
    needs: list[int]
    hooks: tuple[Hook, Hook]

    @property
    def name(self) -> str:
        return f"op_{self.number}"


def components(size: int) -> int:
    """How many components there are: few beside the ops, as in real files."""
    return max(1, min(COMPONENTS, size // 5))


def pipeline(size: int, broken: bool) -> Iterator[Op]:
    """The ops, in an order in which each stands after what it needs."""
    for number in range(size):
        lr = '"x"' if broken and number == size // 2 else f"{0.001 * (number % 9 + 1):.3f}"
        yield Op(
            number=number,
            component=number % components(size),
            lr=lr,
            epochs=number % 50 + 1,
            dataset=f"s3://bucket/data-{number}",
            needs=sorted(number - distance for distance in DISTANCES if number >= distance),
            hooks=(
                Hook("failed", 0.9 + number % 3, f"alerts-{number % 5}"),
                Hook("succeeded", 0.5 + number % 2, "ok"),
            ),
        )


# --- hook


def hook_file(ops: list[Op]) -> Iterator[str]:
    if not ops:
        return
    yield "component notify(channel: string, loss: float = 0.0) {\n"
    yield '  exec ["./notify", channel, loss]\n}\n\n'
    for number in range(components(len(ops))):
        yield f"/// Trains a model, variant {number}.\n"
        yield f"component trainer_{number}(lr: float = 0.001, epochs: int, dataset: string)"
        yield " -> (loss: float, tags: list<string>) {\n"
        yield '  exec ["./train", lr, epochs, dataset]\n}\n\n'
    yield "job train() {\n"
    for op in ops:
        yield from hook_op(op)
    yield "}\n"


def hook_op(op: Op) -> Iterator[str]:
    yield f"  op {op.name} = trainer_{op.component}("
    yield f'lr: {op.lr}, epochs: {op.epochs}, dataset: "{op.dataset}")'
    if op.needs:
        yield " after " + ", ".join(f"op_{need}" for need in op.needs)
    yield " {\n"
    for hook in op.hooks:
        # After a failure the outputs may not exist, and the language makes one say so.
        certain = hook.event == "succeeded"
        loss = "outputs.loss" if certain else "(outputs.loss ?? 1.0)"
        tags = "outputs.tags" if certain else "outputs.tags ?? []"
        yield f"    on {hook.event} when {loss} < {hook.limit}"
        yield f" && op.status == {hook.event} && size({tags}) > 0\n"
        yield f'      run notify(channel: "{hook.channel}", loss: {loss})\n'
    yield "  }\n"


# --- Python

PYTHON_HEAD = '''from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Literal

Status = Literal["failed", "succeeded", "stopped", "skipped"]


@dataclass
class Outputs:
    loss: float
    tags: list[str]


@dataclass
class Hook:
    event: Status
    when: Callable[[Outputs, Status], bool]
    channel: str
    loss: Callable[[Outputs], float]


@dataclass
class Op:
    name: str
    component: str
    lr: float
    epochs: int
    dataset: str
    needs: list[Op] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)


'''


def python_file(ops: list[Op]) -> Iterator[str]:
    if not ops:
        return
    yield PYTHON_HEAD
    for op in ops:
        hooks = ", ".join(python_hook(hook) for hook in op.hooks)
        needs = ", ".join(f"op_{need}" for need in op.needs)
        yield f'{op.name} = Op(name="{op.name}", component="trainer_{op.component}", '
        yield f'lr={op.lr}, epochs={op.epochs}, dataset="{op.dataset}", '
        yield f"needs=[{needs}], hooks=[{hooks}])\n"


def python_hook(hook: Hook) -> str:
    return (
        f'Hook(event="{hook.event}", when=lambda outputs, status: '
        f'outputs.loss < {hook.limit} and status == "{hook.event}" and len(outputs.tags) > 0, '
        f'channel="{hook.channel}", loss=lambda outputs: outputs.loss)'
    )


# --- Nickel

NICKEL_HEAD = """let make : {
  name : String,
  component : String,
  params : { lr : Number, epochs : Number, dataset : String },
  needs : Array String,
  hooks : Array {
    event : String,
    when : { loss : Number, tags : Array String } -> String -> Bool,
    channel : String,
    loss : { loss : Number, tags : Array String } -> Number,
  },
} -> { name : String, needs : Array String } =
  fun op => { name = op.name, needs = op.needs } in
let ops : Array { name : String, needs : Array String } = [
"""


def nickel_file(ops: list[Op]) -> Iterator[str]:
    if not ops:
        yield "{}\n"
        return
    yield NICKEL_HEAD
    for op in ops:
        hooks = ", ".join(nickel_hook(hook) for hook in op.hooks)
        needs = ", ".join(f'"op_{need}"' for need in op.needs)
        yield f'  make {{ name = "{op.name}", component = "trainer_{op.component}", '
        yield f'params = {{ lr = {op.lr}, epochs = {op.epochs}, dataset = "{op.dataset}" }}, '
        yield f"needs = [{needs}], hooks = [{hooks}] }},\n"
    yield "] in ops\n"


def nickel_hook(hook: Hook) -> str:
    return (
        f'{{ event = "{hook.event}", when = fun outputs status => '
        f'outputs.loss < {hook.limit} && status == "{hook.event}" && std.array.length outputs.tags > 0, '
        f'channel = "{hook.channel}", loss = fun outputs => outputs.loss }}'
    )


FILES = {"pipeline.hook": hook_file, "pipeline.py": python_file, "pipeline.ncl": nickel_file}


def main(arguments: list[str]) -> int:
    broken = "--break" in arguments
    rest = [argument for argument in arguments if argument != "--break"]
    if len(rest) != 2 or not rest[1].isdecimal():
        print(__doc__, file=sys.stderr)
        return 2
    folder, size = Path(rest[0]), int(rest[1])
    folder.mkdir(parents=True, exist_ok=True)
    ops = list(pipeline(size, broken))
    for name, render in FILES.items():
        (folder / name).write_text("".join(render(ops)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
