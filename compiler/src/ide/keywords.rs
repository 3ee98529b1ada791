//! What each keyword means, and what is written for it in a completion.
//!
//! Which keywords there are, in which blocks they begin an entry and which entries they continue is in the grammar's
//! registry. Here each has its description: a new keyword does not compile until it has one.

use hookc_grammar::{BlockKind, Keyword, WordClass};

/// One meaning of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    role: Role,
    pub(super) description: &'static str,
    /// What is written, with places to fill in; the word alone where it is empty.
    snippet: &'static str,
}

/// Where a keyword has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// As the first word of an entry in this block.
    EntryOf(BlockKind),
    /// As the first word of an entry in any other block.
    Entry,
    /// Inside an entry.
    Clause,
}

impl Meaning {
    /// What is written besides the word itself.
    pub(super) fn snippet(&self) -> Option<&'static str> {
        (!self.snippet.is_empty()).then_some(self.snippet)
    }
}

const fn entry_of(block: BlockKind, snippet: &'static str, description: &'static str) -> Meaning {
    Meaning { role: Role::EntryOf(block), description, snippet }
}

const fn entry(snippet: &'static str, description: &'static str) -> Meaning {
    Meaning { role: Role::Entry, description, snippet }
}

const fn clause(description: &'static str) -> Meaning {
    Meaning { role: Role::Clause, description, snippet: "" }
}

const fn message(snippet: &'static str, description: &'static str) -> Meaning {
    Meaning { role: Role::Clause, description, snippet }
}

/// The meaning of a keyword that begins an entry in this block.
pub(super) fn as_entry(keyword: Keyword, block: BlockKind) -> Option<Meaning> {
    let with = |role: Role| meanings(keyword).into_iter().find(|meaning| meaning.role == role);
    with(Role::EntryOf(block)).or_else(|| with(Role::Entry))
}

/// The meaning of a keyword inside an entry.
pub(super) fn as_clause(keyword: Keyword) -> Option<Meaning> {
    meanings(keyword).into_iter().find(|meaning| meaning.role == Role::Clause)
}

/// The page of a keyword: all its meanings.
pub(super) fn page(word: &str) -> Option<String> {
    let keyword = Keyword::of(word)?;
    let descriptions: Vec<&str> = meanings(keyword).iter().map(|meaning| meaning.description).collect();
    Some(format!("`{word}`\n\n{}", descriptions.join("\n\n")))
}

/// Whether a word that stands for nothing else is shown as a keyword.
pub(super) fn is_shown_as_keyword(word: &str) -> bool {
    let is_known = |keyword: Keyword| {
        let is_value = matches!(keyword.class(), WordClass::Literal | WordClass::Operator);
        is_value || keyword.begins_entry() || !keyword.continues().is_empty()
    };
    word == "failure" || Keyword::of(word).is_some_and(is_known)
}

/// Every meaning of a keyword.
#[rustfmt::skip]
fn meanings(keyword: Keyword) -> Vec<Meaning> {
    use BlockKind::{File, Profile};
    match keyword {
        // Inside entries.
        Keyword::When => vec![clause("Only if this condition holds.")],
        Keyword::After => vec![clause("Waits for an op without reading it, or for a way in which it ended.")],
        Keyword::For => vec![clause("One run for each item of a list; in a test, the job that it runs.")],
        Keyword::With => vec![clause("The job's inputs.")],
        Keyword::Run => vec![clause("Runs a component. Its result changes nothing in the job.")],
        Keyword::Modify => vec![clause("A gate that replaces inputs or outputs with the component's outputs.")],
        Keyword::Require => vec![clause("A gate: the op or the job fails unless this component succeeds.")],
        Keyword::Fail => vec![message("fail \"$0\"", "A gate: fails with this message.")],
        Keyword::Warn => vec![message("warn \"$0\"", "Reports this message and goes on.")],
        Keyword::Where => vec![clause("A rule that the value must keep.")],
        Keyword::As => vec![clause("The name that it has here.")],
        Keyword::From => vec![clause("The file.")],
        Keyword::In => vec![clause("Whether a list holds a value; after `for`, the list whose items are taken.")],
        Keyword::True => vec![clause("A value of type `bool`.")],
        Keyword::False => vec![clause("A value of type `bool`.")],
        Keyword::Null => vec![clause("The value of an optional type that is missing.")],
        Keyword::Any => vec![clause("One of these is enough.")],
        Keyword::Backoff => vec![clause("The first delay; it doubles each time.")],
        Keyword::Max => vec![clause("The maximum delay.")],
        Keyword::Else => vec![clause("What happens to a run above the limit: `skip` or `stop`.")],
        Keyword::Source => vec![clause("What started the run.")],
        Keyword::Mock => vec![clause("Nothing is sent: calls are recorded and return the given outputs.")],
        Keyword::Retrying => vec![clause("The attempts that fail before the last one.")],
        Keyword::Then => vec![clause("How it ends after the attempts that failed.")],
        Keyword::Not => vec![clause("The opposite.")],
        Keyword::StepStart => vec![clause("The gates before a step of the agent.")],
        Keyword::StepEnd => vec![clause("The gates after a step of the agent.")],
        Keyword::ToolStart => vec![clause("The gates before a call of a tool.")],
        Keyword::ToolEnd => vec![clause("The gates after a call of a tool.")],

        // Items of a file.
        Keyword::Import => vec![entry("import $1 from \"$0\"", "Makes names of another file, or of the library, available in this one.")],
        Keyword::Enum => vec![entry("enum ${1:Name} { $0 }", "A type with a fixed set of values.")],
        Keyword::Record => vec![entry("record ${1:Name} { $0 }", "A type with named fields.")],
        Keyword::Const => vec![entry("const ${1:name} = $0", "A value that is known when the file is checked.")],
        Keyword::Connection => vec![entry("connection ${1:name}: ${2:Webhook} = { $0 }", "What a component needs to reach a service. A profile can bind it to other values, or to `mock`.")],
        Keyword::Component => vec![entry("component ${1:name}($2) {\n  exec [$0]\n}", "Something that runs: typed inputs, typed outputs, and a body.")],
        Keyword::Agent => vec![entry("agent ${1:name}($2) {\n  exec [$0]\n  tools []\n}", "A component that takes steps and calls tools, each of which hooks can watch.")],
        Keyword::Condition => vec![entry("condition ${1:name}($2) = $0", "A named condition, used like a function.")],
        Keyword::Hook => vec![
            entry_of(File, "hook ${1:name}() for op ($2) on ${3:failed}\n  run $0", "A reusable hook: `use` attaches it to an op, a job or an agent."),
            entry("hook ${1:name} on ${2:failed}\n  $0", "A hook with a name: tests refer to it, narrower blocks replace or `drop` it."),
        ],
        Keyword::Job => vec![entry("job ${1:name}($2) {\n  $0\n}", "Ops, their dependencies, and the hooks around them.")],
        Keyword::Each => vec![
            entry_of(File, "each job {\n  $0\n}", "Hooks that apply to every job."),
            entry("each op {\n  $0\n}", "Hooks and settings that apply to every op that has the named inputs and outputs."),
        ],
        Keyword::Profile => vec![
            entry("profile ${1:dev} {\n  $0\n}", "The values that connections are bound to, and where secrets come from."),
            clause("The profile that the test runs with."),
        ],
        Keyword::Test => vec![entry("test \"$1\" for ${2:job}() {\n  $0\n}", "Runs a job with given outcomes and says which hooks must fire.")],

        // Entries of a job.
        Keyword::On => vec![entry("on ${1:failed} $0", "A hook without a name.")],
        Keyword::Op => vec![entry("op ${1:name} = ${2:component}($0)", "Runs a component or a job. It waits for the ops whose outputs it reads.")],
        Keyword::Trigger => vec![entry("trigger ${1:name} = schedule(\"${2:0 2 * * *}\")$0", "Starts the job: `schedule`, `webhook`, `watch` or `after`.")],
        Keyword::Outputs => vec![entry("outputs ($0)", "Where the job's outputs come from.")],
        Keyword::Use => vec![entry("use ${1:hook}($0)", "Attaches a reusable hook.")],
        Keyword::Drop => vec![entry("drop $0", "Removes a hook of a wider block.")],

        // Settings.
        Keyword::Retry => vec![entry("retry ${1:2}$0", "The maximum number of further attempts, `when` they are made and with which `backoff`.")],
        Keyword::Timeout => vec![entry("timeout ${1:10m}$0", "The maximum duration of one attempt.")],
        Keyword::Allow => vec![
            entry_of(Profile, "allow private", "`http` may reach private addresses."),
            entry("allow failure$0", "The job can succeed even if this op fails; with `when`, by the failures for which the condition holds."),
        ],
        Keyword::Skip => vec![entry("skip when ${1:error.exit_code == 99}$0", "A failure for which the condition holds ends the op as skipped.")],
        Keyword::FailFast => vec![entry("fail_fast", "The first failure that counts stops what runs: items of a fan-out, or ops of the job.")],
        Keyword::AtMostOnce => vec![entry("at_most_once", "An interrupted attempt is never repeated.")],
        Keyword::Cache => vec![entry("cache ${1:1d}$0", "How long the outputs are reused for the same inputs.")],
        Keyword::Concurrency => vec![entry("concurrency ${1:1}$0", "How many run at once: items of a fan-out, or runs of the job.")],
        Keyword::Queue => vec![entry("queue \"$0\"", "The queue that it waits in.")],
        Keyword::Cpu => vec![entry("cpu ${1:1}$0", "The number of cores.")],
        Keyword::Memory => vec![entry("memory \"${1:1Gi}\"$0", "The amount of memory.")],
        Keyword::Gpu => vec![entry("gpu ${1:1}$0", "The number of graphics cards.")],
        Keyword::Namespace => vec![entry("namespace \"$0\"", "The engine's namespace.")],
        Keyword::Presets => vec![entry("presets [\"$0\"]", "The engine's presets.")],

        // Bodies of components and agents.
        Keyword::Exec => vec![entry("exec [\"$0\"]", "A program and its arguments. Inputs are passed as text.")],
        Keyword::Shell => vec![entry("shell \"\"\"\n  $0\n  \"\"\"", "A script. Inputs are passed as variables `HOOK_INPUT_…`; no value is inserted into its text.")],
        Keyword::Python => vec![entry("python \"${1:module}:${2:function}\"$0", "A Python function: inputs are its arguments, outputs its return value.")],
        Keyword::Http => vec![entry("http ${1:POST} ${2:url} {\n  $0\n}", "A request.")],
        Keyword::Ask => vec![entry("ask \"$0\"", "Asks a person.")],
        Keyword::External => vec![entry("external ${1:polyaxon} \"$0\"", "Something that an engine runs in its own way.")],
        Keyword::Result => vec![entry("result ${1:stdout}", "Where the outputs are read from.")],
        Keyword::Image => vec![entry("image \"$0\"", "The container image.")],
        Keyword::Cwd => vec![entry("cwd \"$0\"", "The folder that the process starts in.")],
        Keyword::Env => vec![entry("env { \"${1:NAME}\": $0 }", "Variables of the process.")],
        Keyword::Model => vec![entry("model \"$0\"", "The model that the agent uses.")],
        Keyword::Prompt => vec![entry("prompt \"$0\"", "The agent's first instructions.")],
        Keyword::Tools => vec![entry("tools [$0]", "The components that the agent can call.")],
        Keyword::Header => vec![entry("header { \"$1\": $0 }", "Headers of the request.")],
        Keyword::Json => vec![entry("json { $0 }", "The body of the request.")],
        Keyword::Sign => vec![entry("sign $0", "The secret that signs the body, as Standard Webhooks does.")],
        Keyword::Accept => vec![entry("accept ${1:200..299}", "The status codes that count as success.")],

        // Profiles and tests.
        Keyword::Secrets => vec![entry("secrets ${1:env}$0", "Where secrets come from: `env`, `file` or `exec`.")],
        Keyword::Given => vec![entry("given $1 ${2:succeeded} ($0)", "How an op, a gate or the previous run ends in this test.")],
        Keyword::Expect => vec![entry("expect $1 ${2:ran}$0", "The expected result.")],
    }
}
