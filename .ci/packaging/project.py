"""The scratch project: sources that are well, and what can be wrong with them."""

STEPS = """\
component train(data: path) -> (loss: float) {
  exec ["./train.sh", data]
}

component page(text: string) {
  exec ["./page.sh", text]
}
"""

NIGHTLY = """\
import page, train from "./steps"

job nightly() {
  op fit = train(data: "data.csv") {
    on failed run page(text: "the training failed")
  }
}
"""

# A project of its own in a sub-folder: what is a warning elsewhere is an error here.
STRICT = '[lints]\nfloat-equality = "deny"\n'

CLEAN = {
    "README.md": "# A project\n",
    "jobs/steps.hook": STEPS,
    "jobs/nightly.hook": NIGHTLY,
    "team/hook.toml": STRICT,
    "team/report.hook": "job report() {}\n",
}

# H0302: there are no outputs on `failed`.
FAILING = NIGHTLY.replace("on failed run", "on failed when outputs.loss > 0.9 run")
# H0804: a lint.
EQUALITY = """\
component train() -> (loss: float) {
  exec ["./train.sh"]
}

component page(text: string) {
  exec ["./page.sh", text]
}

job quality() {
  op fit = train() {
    on succeeded when outputs.loss == 0.5 run page(text: "just a half")
  }
}
"""
UNFORMATTED = NIGHTLY.replace("job nightly() {", "job   nightly( ) {")
BROKEN = "job x( {\n}\n"
