//! The names that hooks read their context under.

/// The roots of the context: nothing that is read by its bare name may be called so.
const CONTEXT_NAMES: &[&str] = &[
    "op", "job", "inputs", "outputs", "error", "payload", "output", "tool", "step", "steps", "session", "user",
    "agent", "event", "hook",
];

/// Whether hooks read their context under this name.
pub(crate) fn is_context_name(name: &str) -> bool {
    CONTEXT_NAMES.contains(&name)
}
