"""Runs the steps of a composite action as GitHub's runner does, as far as ours go.

Known are: inputs with defaults, `env`, `shell: bash`, outputs, the folders added to the PATH, and the condition of the last step.
What an expression or a step says beyond that is a failure of the test. A step with `uses` is not run, but told.
"""

import re

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
READ = re.compile(r"(inputs|steps)\.([\w-]+)(?:\.outputs\.([\w-]+))?")
SET = re.compile(r"!cancelled\(\) && (steps\.[\w-]+\.outputs\.[\w-]+) != ''")
# The command of `shell: bash`.
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]


class Outcome:
    """What a job sees of the action: the exit code of its first failed step, the output, and the steps of others."""

    def __init__(self):
        self.code, self.text, self.uses, self.outputs = 0, "", [], {}


class Runner:
    """One job on one machine."""

    def __init__(self, world, action, temp):
        self.world, self.action, self.temp = world, action, temp
        self.text = yaml.safe_load((action / "action.yml").read_text())
        self.path = world.env["PATH"]
        temp.mkdir(parents=True)

    def job(self, workspace, **given):
        """Runs the action in a folder."""
        known = self.text["inputs"]
        assert given.keys() <= known.keys(), given
        inputs = {name: given.get(name, known[name]["default"]) for name in known}
        outcome, steps = Outcome(), {}
        for number, step in enumerate(self.text["runs"]["steps"]):
            context = Context(inputs, steps)
            if not context.holds(step.get("if"), outcome.code == 0):
                continue
            if "uses" in step:
                outcome.uses.append((step["uses"], {name: context.fill(text) for name, text in step["with"].items()}))
                continue
            env = {name: context.fill(text) for name, text in step.get("env", {}).items()}
            code, text, outputs = self.step(step, number, env, workspace)
            steps[step.get("id")] = outputs
            outcome.text += text
            outcome.code = outcome.code or code
        context = Context(inputs, steps)
        outcome.outputs = {name: context.fill(output["value"]) for name, output in self.text["outputs"].items()}
        return outcome

    def step(self, step, number, env, workspace):
        """One `run` step: its exit code, what it printed, its outputs."""
        assert step["shell"] == "bash" and "${{" not in step["run"], step
        files = {name: self.temp / f"{number}.{name}" for name in ("sh", "output", "path")}
        for name, file in files.items():
            file.write_text(step["run"] if name == "sh" else "")
        runner = {
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_PATH": str(files["path"]),
            "RUNNER_TEMP": str(self.temp),
            "PATH": self.path,
        }
        code, text = self.world.attempt(*BASH, files["sh"], cwd=workspace, env={**env, **runner})
        for folder in files["path"].read_text().splitlines():
            self.path = f"{folder}:{self.path}"
        outputs = dict(line.split("=", 1) for line in files["output"].read_text().splitlines())
        return code, text, outputs


class Context:
    """What expressions read."""

    def __init__(self, inputs, steps):
        self.inputs, self.steps = inputs, steps

    def fill(self, text):
        return EXPRESSION.sub(lambda found: self.value(found[1]), text)

    def value(self, expression):
        found = READ.fullmatch(expression)
        assert found, f"unknown expression `{expression}`"
        root, name, output = found.groups()
        return self.inputs[name] if root == "inputs" else self.steps.get(name, {}).get(output, "")

    def holds(self, condition, well):
        if condition is None:
            return well
        found = SET.fullmatch(EXPRESSION.fullmatch(condition)[1])
        assert found, f"unknown condition `{condition}`"
        return self.value(found[1]) != ""

