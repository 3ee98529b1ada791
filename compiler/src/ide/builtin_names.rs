//! What the types and the context names mean that no file declares.

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
        "hook" => "This hook itself.",
        "agent" => "The agent that is watched.",
        _ => return None,
    })
}
