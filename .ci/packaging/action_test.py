"""The GitHub Action: its steps as `action.yml` writes them, on projects that are well and that are not."""

import json

from action_runner import Runner
from project import CLEAN, EQUALITY, FAILING
from world import write

ERROR = "::error file=jobs/nightly.hook,line=5,endLine=5,col=20,endColumn=31,title=H0302 may-be-null::"
WARNING = "::warning file=team one/quality.hook,line=11"


def run(world):
    workspace = world.folder / "workspace"
    write(workspace, CLEAN)
    from_sources(world, workspace)
    runner = Runner(world, world.repository, world.folder / "runner")
    for test in (well, wrong, arguments, code_scanning, misused, injected):
        test(lambda **given: runner.job(workspace, wheel=str(world.wheel), **given), workspace)
    missing = Runner(world, world.repository, world.folder / "no-wheel").job(workspace, wheel="no-such.whl")
    assert missing.code == 1 and "no-such.whl" in missing.text, missing.text


def from_sources(world, workspace):
    """Without a wheel the action builds itself."""
    outcome = Runner(world, world.repository, world.folder / "built").job(workspace)
    assert outcome.code == 0, outcome.text
    assert (world.folder / "built" / "hookc" / "bin" / "hookc").exists()


def well(job, workspace):
    outcome = job()
    assert outcome.code == 0 and "::" not in outcome.text, outcome.text
    assert not outcome.uses and outcome.outputs == {"sarif": ""}


def wrong(job, workspace):
    write(workspace, {"jobs/nightly.hook": FAILING, "team one/quality.hook": EQUALITY})
    outcome = job()
    assert outcome.code == 1 and not outcome.uses
    assert f"\n{ERROR}" in outcome.text and f"\n{WARNING}" in outcome.text, outcome.text


def arguments(job, workspace):
    """A path on each line, so names may hold spaces; arguments between spaces."""
    outcome = job(paths="team one\nteam\n")
    assert outcome.code == 0 and f"\n{WARNING}" in outcome.text and ERROR not in outcome.text, outcome.text
    outcome = job(paths="team one", args="--deny  float-equality\n--allow never-used")
    assert outcome.code == 1 and f"\n{WARNING.replace('warning', 'error', 1)}" in outcome.text, outcome.text


def code_scanning(job, workspace):
    """Mistakes are uploaded although the check has failed."""
    outcome = job(sarif="true")
    assert outcome.code == 1 and ERROR in outcome.text, outcome.text
    ((action, given),) = outcome.uses
    assert action.startswith("github/codeql-action/upload-sarif@")
    assert given == {"sarif_file": outcome.outputs["sarif"], "category": "hookc"}
    with open(given["sarif_file"], encoding="utf-8") as file:
        (run_,) = json.load(file)["runs"]
    found = [
        (result["ruleId"], result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for result in run_["results"]
    ]
    assert found == [("H0302", "jobs/nightly.hook"), ("H0804", "team%20one/quality.hook")], found

    # An upload without results closes the alerts of mistakes that are mended.
    outcome = job(sarif="true", paths="team")
    assert outcome.code == 0 and len(outcome.uses) == 1


def misused(job, workspace):
    """Nothing is uploaded of a check that could not be made."""
    outcome = job(sarif="true", paths="nowhere.hook")
    assert outcome.code == 2 and "nowhere.hook" in outcome.text and not outcome.uses, outcome.text
    outcome = job(args="--no-such-flag")
    assert outcome.code == 2 and "--no-such-flag" in outcome.text, outcome.text


def injected(job, workspace):
    """No input is run, expanded, or taken for another argument."""
    evil = '"; touch evil; echo "$(touch evil)`touch evil`'
    for given in ({"paths": evil}, {"args": evil}, {"sarif": evil}):
        outcome = job(**given)
        assert not list(workspace.glob("**/evil")), outcome.text
        assert outcome.code == (1 if "sarif" in given else 2), outcome.text
    outcome = job(paths="--fix")
    assert outcome.code == 2 and "`--fix`" in outcome.text, outcome.text
    outcome = job(args="*", paths="team")
    assert outcome.code == 2 and "`*`" in outcome.text, outcome.text
