"""The files that others read are well-formed, and the Action is safe to use."""

import re

WORKFLOW = re.compile(r"```yaml\n(on:.*?)```", re.DOTALL)


def run(world):
    repository = world.repository
    world.run("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=repository)
    world.run("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml", cwd=repository)
    world.run("zizmor", "--offline", "--persona", "pedantic", "action.yml", cwd=repository)

    # The workflows of the page are those of a project that takes them over and fills in a commit.
    workflows = WORKFLOW.findall((repository / "docs" / "ci.md").read_text())
    assert workflows, "docs/ci.md shows no workflow"
    folder = world.folder / "workflows" / ".github" / "workflows"
    folder.mkdir(parents=True)
    for number, text in enumerate(workflows):
        (folder / f"{number}.yml").write_text(text.replace("REVISION", "0" * 40))
        world.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", folder / f"{number}.yml")
    world.run("zizmor", "--offline", world.folder / "workflows")
