"""The step `write_report`: reads the file $HOOK_INPUTS, writes the file $HOOK_OUTPUTS."""

import json
import os

with open(os.environ["HOOK_INPUTS"], encoding="utf-8") as file:
    inputs = json.load(file)

report = os.path.join(os.environ["HOOK_WORK"], "report.md")
with open(report, "w", encoding="utf-8") as file:
    file.write(f"{inputs['count']} orders, {inputs['total']:.2f} in all; the largest is {inputs['largest']}.\n")

with open(os.environ["HOOK_OUTPUTS"], "w", encoding="utf-8") as file:
    json.dump({"report": report}, file)
