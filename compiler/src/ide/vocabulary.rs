//! The words of the language: what each means, and what it is followed by.

use hookc_grammar::Span;

/// Where an entry's first word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// The top level of a file.
    File,
    Component,
    Agent,
    Http,
    Job,
    /// An op, `each op` or `each job`.
    Hooks,
    /// The block behind a hook's run.
    Run,
    Profile,
    Test,
    /// Braces that hold values.
    Values,
}

/// A word that can begin an entry.
pub(super) struct Word {
    pub(super) word: &'static str,
    pub(super) blocks: &'static [Block],
    /// What is written, with places to fill in.
    pub(super) snippet: &'static str,
    /// What it means.
    pub(super) about: &'static str,
}

macro_rules! entries {
    ($($word:literal in [$($block:ident),*] $snippet:literal $about:literal;)*) => {
        &[$(Word { word: $word, blocks: &[$(Block::$block),*], snippet: $snippet, about: $about },)*]
    };
}

/// The words that begin entries, by block.
pub(super) const ENTRIES: &[Word] = entries! {
    "import" in [File] "import $1 from \"$0\"" "Brings names of another file, or of the library, into this one.";
    "enum" in [File] "enum ${1:Name} { $0 }" "A type with a fixed set of values.";
    "record" in [File] "record ${1:Name} { $0 }" "A type with named fields.";
    "const" in [File] "const ${1:name} = $0" "A value that is known when the file is checked.";
    "connection" in [File, Profile] "connection ${1:name}: ${2:Webhook} = { $0 }" "What a component needs to reach a service. A profile can bind it anew, or to `mock`.";
    "component" in [File] "component ${1:name}($2) {\n  exec [$0]\n}" "Something that runs: typed inputs, typed outputs, and a body.";
    "agent" in [File] "agent ${1:name}($2) {\n  exec [$0]\n  tools []\n}" "A component that takes steps and calls tools, each of which hooks can watch.";
    "condition" in [File] "condition ${1:name}($2) = $0" "A named condition, used like a function.";
    "hook" in [File] "hook ${1:name}() for op ($2) on ${3:failed}\n  run $0" "A reusable hook: `use` attaches it to an op, a job or an agent.";
    "hook" in [Job, Hooks] "hook ${1:name} on ${2:failed}\n  $0" "A hook with a name: tests speak of it, narrower blocks replace or `drop` it.";
    "on" in [Job, Hooks] "on ${1:failed} $0" "A hook without a name.";
    "job" in [File] "job ${1:name}($2) {\n  $0\n}" "Ops, what they need of each other, and the hooks around them.";
    "each" in [File] "each job {\n  $0\n}" "Hooks that hold for every job.";
    "each" in [Job] "each op {\n  $0\n}" "Hooks and settings that hold for every op that has the inputs and outputs asked for.";
    "profile" in [File] "profile ${1:dev} {\n  $0\n}" "What connections are bound to, and where secrets come from.";
    "test" in [File] "test \"$1\" for ${2:job}() {\n  $0\n}" "Plays a job with given outcomes and says which hooks must fire.";
    "op" in [Job] "op ${1:name} = ${2:component}($0)" "Runs a component or a job. It waits for the ops whose outputs it reads.";
    "trigger" in [Job] "trigger ${1:name} = schedule(\"${2:0 2 * * *}\")$0" "Starts the job: `schedule`, `webhook`, `watch` or `after`.";
    "outputs" in [Job] "outputs ($0)" "Where the job's outputs come from.";
    "use" in [Job, Hooks] "use ${1:hook}($0)" "Attaches a reusable hook.";
    "drop" in [Job, Hooks] "drop $0" "Takes away a hook of a wider block.";
    "exec" in [Component, Agent] "exec [\"$0\"]" "A program and its arguments. Inputs arrive as text.";
    "shell" in [Component] "shell \"\"\"\n  $0\n  \"\"\"" "A script. Inputs arrive as variables `HOOK_INPUT_…`; no value is put into its text.";
    "python" in [Component, Agent] "python \"${1:module}:${2:function}\"$0" "A Python function: inputs are its arguments, outputs what it returns.";
    "http" in [Component] "http ${1:POST} ${2:url} {\n  $0\n}" "A request.";
    "ask" in [Component] "ask \"$0\"" "Asks a person.";
    "external" in [Component, Agent] "external ${1:polyaxon} \"$0\"" "What an engine runs in its own way.";
    "result" in [Component, Agent] "result ${1:stdout}" "Where the outputs are read from.";
    "image" in [Component, Agent] "image \"$0\"" "The container image.";
    "cwd" in [Component, Agent] "cwd \"$0\"" "The folder the process starts in.";
    "env" in [Component, Agent] "env { \"${1:NAME}\": $0 }" "Variables of the process.";
    "model" in [Agent] "model \"$0\"" "The model that the agent uses.";
    "prompt" in [Agent] "prompt \"$0\"" "What the agent is told first.";
    "tools" in [Agent] "tools [$0]" "The components that the agent can call.";
    "header" in [Http] "header { \"$1\": $0 }" "Headers of the request.";
    "json" in [Http] "json { $0 }" "The body of the request.";
    "sign" in [Http] "sign $0" "The secret that signs the body, as Standard Webhooks does.";
    "accept" in [Http] "accept ${1:200..299}" "The status codes that are taken as success.";
    "retry" in [Hooks, Run] "retry ${1:2}$0" "How many further attempts there are, `when` and with which `backoff`.";
    "timeout" in [Hooks, Run] "timeout ${1:10m}$0" "How long one attempt may take.";
    "allow" in [Hooks] "allow failure" "The job can succeed though this op fails.";
    "at_most_once" in [Hooks] "at_most_once" "An attempt that was cut off is never made again.";
    "cache" in [Hooks] "cache ${1:1d}$0" "How long outputs of the same inputs are used again.";
    "concurrency" in [Job, Hooks] "concurrency ${1:1}$0" "How many run at once: items of a fan-out, or runs of the job.";
    "queue" in [Hooks, Run] "queue \"$0\"" "The queue that it waits in.";
    "cpu" in [Hooks, Run] "cpu ${1:1}$0" "How many cores it is given.";
    "memory" in [Hooks, Run] "memory \"${1:1Gi}\"$0" "How much memory it is given.";
    "gpu" in [Hooks, Run] "gpu ${1:1}$0" "How many graphics cards it is given.";
    "namespace" in [Hooks, Run] "namespace \"$0\"" "The engine's namespace.";
    "presets" in [Hooks, Run] "presets [\"$0\"]" "The engine's presets.";
    "secrets" in [Profile] "secrets ${1:env}$0" "Where secrets come from: `env`, `file` or `exec`.";
    "allow" in [Profile] "allow private" "`http` may reach private addresses.";
    "given" in [Test] "given $1 ${2:succeeded} ($0)" "How an op, a gate or the run before ends in this test.";
    "expect" in [Test] "expect $1 ${2:ran}$0" "What must have come of it.";
};

/// A word inside of an entry.
pub(super) struct Clause {
    pub(super) word: &'static str,
    /// The first words of the entries it can stand in.
    pub(super) entries: &'static [&'static str],
    pub(super) about: &'static str,
}

macro_rules! clauses {
    ($($word:literal in [$($entry:literal),*] $about:literal;)*) => {
        &[$(Clause { word: $word, entries: &[$($entry),*], about: $about },)*]
    };
}

/// The words that stand inside of entries.
pub(super) const CLAUSES: &[Clause] = clauses! {
    "when" in ["op", "on", "hook", "trigger", "retry"] "Only where this condition holds.";
    "after" in ["op"] "Waits for an op without reading it, or for how it ended.";
    "for" in ["op", "test"] "One run for each item of a list; in a test, the job it plays.";
    "run" in ["on", "hook"] "Runs a component. What comes of it changes nothing in the job.";
    "require" in ["on", "hook"] "A gate: the op, or the job, fails unless this component succeeds.";
    "modify" in ["on", "hook"] "A gate that replaces inputs or outputs by what the component answers.";
    "fail" in ["on", "hook"] "A gate: fails with this message.";
    "warn" in ["on", "hook"] "Tells this message and goes on.";
    "with" in ["trigger"] "The job's inputs.";
    "from" in ["import"] "The file.";
    "as" in ["import", "use"] "The name that it has here.";
    "backoff" in ["retry"] "The first delay; it doubles each time.";
    "max" in ["retry"] "The longest delay.";
    "else" in ["concurrency"] "What becomes of a run that is too many: `skip` or `stop`.";
    "profile" in ["test"] "The profile that the test is played with.";
    "source" in ["test"] "What started the run.";
    "where" in ["component", "agent", "job", "record"] "A rule that the value must keep.";
    "mock" in ["connection"] "Nothing is sent: calls are recorded and answer what is given.";
    "not" in ["expect"] "The opposite.";
    "then" in ["given"] "How it ends after the attempts that failed.";
    "any" in ["op"] "One of these is enough.";
};

/// Words that begin a verb and stand on a line of their own.
pub(super) const VERBS: [&str; 5] = ["run", "require", "modify", "fail", "warn"];

/// The meaning of a word of the language.
pub(super) fn keyword_page(word: &str) -> Option<String> {
    let entries = ENTRIES.iter().filter(|entry| entry.word == word).map(|entry| entry.about);
    let clauses = CLAUSES.iter().filter(|clause| clause.word == word).map(|clause| clause.about);
    let mut abouts: Vec<&str> = entries.chain(clauses).collect();
    abouts.dedup();
    (!abouts.is_empty()).then(|| format!("`{word}`\n\n{}", abouts.join("\n\n")))
}

/// The types that are built in, with their meaning.
pub(super) const TYPES: &[(&str, &str)] = &[
    ("bool", "`true` or `false`."),
    ("int", "A whole number of 64 bits."),
    ("float", "A number of double precision, never infinite and never `NaN`."),
    ("string", "Text in Unicode."),
    ("duration", "A span of time, as in `1h30m`, to the nanosecond."),
    ("timestamp", "A moment, to the nanosecond."),
    ("path", "The path of a file or folder. Files that an op writes are kept."),
    ("uri", "An address."),
    ("secret", "The name of a secret. Its value reaches only the process or request that is given it."),
    ("json", "Any JSON value. It can be passed on, and not looked into."),
    ("list", "`list<T>`: values in order."),
    ("map", "`map<string, T>`: values by name."),
    ("OpStatus", "How an op ended: `succeeded failed stopped skipped upstream_failed pending`."),
    ("JobStatus", "How a job ended: `succeeded failed stopped`."),
    (
        "ErrorKind",
        "What went wrong: `exit signal timeout spawn input condition output_type gate refused http agent_protocol secret lost`.",
    ),
    ("Source", "What started a run: `manual schedule webhook watch job`."),
];

/// The meaning of a built-in type, or of the enum that has a value.
pub(super) fn type_page(name: &str) -> Option<String> {
    let ty = name.split('.').next().unwrap_or(name);
    let (_, about) = TYPES.iter().find(|(known, _)| *known == ty)?;
    Some(format!("```hook\n{name}\n```\n\n{about}"))
}

/// What a root of the context is.
pub(super) fn root(name: &str) -> Option<&'static str> {
    Some(match name {
        "op" => "The op that this hook watches.",
        "job" => "The run of the job.",
        "inputs" => "The inputs of what is watched.",
        "outputs" => "The outputs of the op that is watched, as far as they are written.",
        "error" => "Why the op failed.",
        "event" => "What the trigger heard.",
        "payload" => "What the tool is called with.",
        "output" => "What the tool answered.",
        "tool" => "The tool that the agent calls.",
        "step" => "The agent's step.",
        "steps" => "The agent's steps so far.",
        "session" => "The agent's session.",
        "user" => "The person whom the agent serves.",
        "agent" => "The agent that is watched.",
        _ => return None,
    })
}

/// Whether a character is part of a name.
pub(super) fn is_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The word that a byte stands in or right behind.
pub(super) fn word_at(text: &str, at: u32) -> Option<Span> {
    let span = word_around(text, at);
    (span.start < span.end).then_some(span)
}

/// The word around a byte; empty where there is none.
pub(super) fn word_around(text: &str, at: u32) -> Span {
    let mut at = (at as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, behind) = text.split_at(at);
    let start = before.char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(at, |(index, _)| index);
    let end = at + behind.find(|c| !is_part(c)).unwrap_or(behind.len());
    Span::new(u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(0))
}
