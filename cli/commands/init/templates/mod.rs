//! The projects that `hookc init` writes. Their files stand beside this one as they are written.

use clap::ValueEnum;

/// A file by its path in the project, and its text.
type File = (&'static str, &'static str);

/// A command, and what it is for.
type Step = (&'static str, &'static str);

/// What a new project is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Template {
    /// Steps that are short shell scripts; needs nothing else
    Shell,
    /// Steps in Python: a function, and a program of its own
    Python,
    /// An agent with a tool and gates; tests play it, `run` does not start agents yet
    Agent,
    /// As `shell`, with a GitHub workflow and a pre-commit configuration
    Ci,
}

const HELLO: File = ("hello.hook", include_str!("shell/hello.hook"));

const SHELL: &[File] = &[HELLO];

const PYTHON: &[File] = &[
    ("orders.hook", include_str!("python/orders.hook")),
    ("steps/summary.py", include_str!("python/summary.py")),
    ("steps/write_report.py", include_str!("python/write_report.py")),
    ("data/orders.csv", include_str!("python/orders.csv")),
];

const AGENT: &[File] = &[
    ("helper.hook", include_str!("agent/helper.hook")),
    ("agent.py", include_str!("agent/agent.py")),
    ("tools.py", include_str!("agent/tools.py")),
    ("notes.txt", include_str!("agent/notes.txt")),
];

const CI: &[File] = &[
    HELLO,
    (".github/workflows/hookc.yml", include_str!("ci/workflow.yml")),
    (".pre-commit-config.yaml", include_str!("ci/pre-commit.yaml")),
];

const RUN_HELLO: &[Step] = &[
    ("hookc run hello.hook", "run it"),
    ("hookc run hello.hook -p name=", "let it fail: the report shows that the alert goes out"),
];

const RUN_ORDERS: &[Step] = &[
    ("hookc run orders.hook", "run it"),
    ("hookc run orders.hook -p data=none.csv", "let it fail: the report shows that the alert goes out"),
];

const RUN_HELPER: &[Step] = &[("hookc run helper.hook look_up", "run the tool by itself")];

impl Template {
    /// Its files, but for `hook.toml` and the ignore file, which all have.
    pub(super) fn files(self) -> &'static [File] {
        match self {
            Template::Shell => SHELL,
            Template::Python => PYTHON,
            Template::Agent => AGENT,
            Template::Ci => CI,
        }
    }

    /// What to try, after the tests.
    pub(super) fn next(self) -> &'static [Step] {
        match self {
            Template::Shell | Template::Ci => RUN_HELLO,
            Template::Python => RUN_ORDERS,
            Template::Agent => RUN_HELPER,
        }
    }

    /// What its user must know, one paragraph each.
    pub(super) fn notes(self) -> &'static [&'static str] {
        match self {
            Template::Shell | Template::Python => &[],
            Template::Agent => &[
                "`hookc run` does not start agents yet and refuses the job `ask_it`; its tests play what the agent does.",
            ],
            Template::Ci => &[
                "Put the repository of hookc and a commit of it in the place of OWNER and REVISION in .github/workflows/hookc.yml.",
                "`pre-commit install` makes git run .pre-commit-config.yaml before each commit.",
            ],
        }
    }
}
