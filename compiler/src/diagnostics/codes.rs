//! The registry of codes. A number is never used again; each code has a page in `docs/diagnostics/`, which is embedded.

use super::{Code, Severity};

macro_rules! codes {
    ($($(#[doc = $summary:literal])+ $constant:ident = $id:literal, $name:literal, $severity:ident;)*) => {
        $($(#[doc = $summary])+ pub const $constant: Code = Code {
            id: $id, name: $name, severity: Severity::$severity, summary: concat!($($summary),+),
        };)*

        /// Every code, by number.
        pub const ALL: &[Code] = &[$($constant,)*];

        impl Code {
            /// Its page, in Markdown: two examples and the reason for the rule.
            pub fn page(self) -> &'static str {
                match self.id {
                    $($id => include_str!(concat!("../../../docs/diagnostics/", $id, ".md")),)*
                    _ => "",
                }
            }
        }
    };
}

codes! {
    // H00: text and syntax.
    /// text that is not allowed at this place
    UNEXPECTED = "H0001", "unexpected-text", Error;
    /// a required part is missing
    MISSING = "H0002", "missing-part", Error;
    /// a bracket or block is not closed
    UNCLOSED = "H0003", "unclosed-bracket", Error;
    /// a string is not closed
    UNTERMINATED_STRING = "H0004", "unterminated-string", Error;
    /// a reserved word is used as a name
    RESERVED_WORD = "H0005", "reserved-word", Error;
    /// brackets, holes, types or operators are nested too deeply
    TOO_DEEP = "H0006", "nesting-too-deep", Error;
    /// an invalid number
    BAD_NUMBER = "H0007", "bad-number", Error;
    /// an unknown escape in a string
    BAD_ESCAPE = "H0008", "bad-escape", Error;
    /// a doc comment without a declaration after it
    STRAY_DOC = "H0009", "stray-doc-comment", Warning;
    /// an opening brace on a line of its own
    BRACE_ON_NEXT_LINE = "H0010", "brace-on-next-line", Error;
    /// two entries on one line
    TWO_ENTRIES = "H0011", "two-entries-on-one-line", Error;
    /// an entry that is not allowed in this block
    NOT_ALLOWED_HERE = "H0012", "not-allowed-here", Error;
    /// a control or bidirectional character in the source
    CONTROL_CHARACTER = "H0013", "control-character", Error;
    /// a part that is given twice
    GIVEN_TWICE = "H0014", "given-twice", Error;
    /// a closing bracket or brace without an opening one
    UNOPENED = "H0015", "unopened-bracket", Error;

    // H01: files and imports.
    /// a file that cannot be read
    UNREADABLE = "H0101", "unreadable-file", Error;
    /// a file that is not UTF-8 text
    NOT_UTF8 = "H0102", "not-utf8", Error;
    /// a file that is larger than 16 MiB
    FILE_TOO_LARGE = "H0103", "file-too-large", Error;
    /// an import of a file that does not exist
    IMPORT_NOT_FOUND = "H0104", "import-not-found", Error;
    /// an import of a file outside the project's folder
    IMPORT_OUTSIDE = "H0105", "import-outside-project", Error;
    /// files that import each other in a cycle
    IMPORT_CYCLE = "H0106", "import-cycle", Error;
    /// an import of a name that the file does not declare
    IMPORT_UNKNOWN = "H0107", "import-unknown-name", Error;
    /// an import of a name that begins with an underscore
    IMPORT_PRIVATE = "H0108", "import-private-name", Error;
    /// an import that nothing uses
    UNUSED_IMPORT = "H0109", "unused-import", Warning;
    /// imports that reach more than 1,000 files
    TOO_MANY_IMPORTS = "H0110", "too-many-imports", Error;
    /// an invalid entry in hook.toml
    BAD_PROJECT_FILE = "H0111", "bad-project-file", Error;

    // H02: names.
    /// a name that is not declared
    UNKNOWN_NAME = "H0201", "unknown-name", Error;
    /// a type that is not declared
    UNKNOWN_TYPE = "H0202", "unknown-type", Error;
    /// a name that is declared twice
    DUPLICATE_NAME = "H0203", "duplicate-name", Error;
    /// a name that is built in or reserved for the context of hooks
    RESERVED_NAME = "H0204", "reserved-name", Error;
    /// a component that is not declared
    UNKNOWN_COMPONENT = "H0205", "unknown-component", Error;
    /// an op that the job does not have
    UNKNOWN_OP = "H0206", "unknown-op", Error;
    /// a hook that does not exist
    UNKNOWN_HOOK = "H0207", "unknown-hook", Error;
    /// a job that is not declared
    UNKNOWN_JOB = "H0208", "unknown-job", Error;
    /// a connection that is not declared
    UNKNOWN_CONNECTION = "H0209", "unknown-connection", Error;
    /// a profile that is not declared
    UNKNOWN_PROFILE = "H0210", "unknown-profile", Error;
    /// a function or method that does not exist
    UNKNOWN_FUNCTION = "H0211", "unknown-function", Error;
    /// a field that the type does not have
    UNKNOWN_FIELD = "H0212", "unknown-field", Error;
    /// a value that the enum does not have
    UNKNOWN_ENUM_VALUE = "H0213", "unknown-enum-value", Error;
    /// an engine that `external` does not know
    UNKNOWN_ENGINE = "H0214", "unknown-engine", Error;
    /// a setting that is not available here
    UNKNOWN_SETTING = "H0215", "unknown-setting", Error;
    /// a tool that the agent does not have
    UNKNOWN_TOOL = "H0216", "unknown-tool", Error;
    /// a name of something that is not a value
    NOT_A_VALUE = "H0217", "not-a-value", Error;

    // H03: types and arguments.
    /// a value of the wrong type
    TYPE_MISMATCH = "H0301", "type-mismatch", Error;
    /// a value that may be null or missing where one is required
    MAY_BE_NULL = "H0302", "may-be-null", Error;
    /// an invalid type
    BAD_TYPE = "H0303", "bad-type", Error;
    /// a required argument is missing
    MISSING_ARGUMENT = "H0304", "missing-argument", Error;
    /// an argument that does not exist
    UNKNOWN_ARGUMENT = "H0305", "unknown-argument", Error;
    /// an argument without its name
    UNNAMED_ARGUMENT = "H0306", "unnamed-argument", Error;
    /// the wrong number of arguments
    ARGUMENT_COUNT = "H0307", "argument-count", Error;
    /// a value that does not satisfy the rule after `where`
    REFINEMENT = "H0308", "refinement", Error;
    /// a secret in a place where it could be seen
    SECRET_FLOW = "H0309", "secret-flow", Error;
    /// a value that is not constant where a constant is required
    NOT_CONSTANT = "H0310", "not-constant", Error;
    /// a constant expression that cannot be evaluated
    CONSTANT_FAILS = "H0311", "constant-fails", Error;
    /// constants or conditions that refer to themselves
    CONSTANT_CYCLE = "H0312", "constant-cycle", Error;
    /// a constant string that does not have the required form
    BAD_CONSTANT = "H0313", "bad-constant", Error;
    /// an index that is out of range
    BAD_INDEX = "H0314", "bad-index", Error;
    /// a pattern that does not mean the same in every engine
    BAD_PATTERN = "H0315", "bad-pattern", Error;
    /// an expression that can take too many steps
    TOO_EXPENSIVE = "H0316", "too-expensive", Error;

    // H04: components, jobs, hooks and triggers.
    /// a name of the context that is not available at this event or place
    NOT_AVAILABLE = "H0401", "not-available", Error;
    /// an event that is not available here
    BAD_EVENT = "H0402", "bad-event", Error;
    /// a verb that is not allowed here
    BAD_VERB = "H0403", "bad-verb", Error;
    /// a `modify` whose component does not match what it replaces
    BAD_MODIFY = "H0404", "bad-modify", Error;
    /// a reusable hook that does not fit what it is attached to
    HOOK_DOES_NOT_FIT = "H0405", "hook-does-not-fit", Error;
    /// a reusable hook for something that has no hooks
    BAD_HOOK_TARGET = "H0406", "bad-hook-target", Error;
    /// ops that wait for each other in a cycle
    DEPENDENCY_CYCLE = "H0407", "dependency-cycle", Error;
    /// jobs that call each other in a cycle
    JOB_RECURSION = "H0408", "job-recursion", Error;
    /// a component without a body that is run
    NO_BODY = "H0409", "no-body", Error;
    /// an input whose name cannot be an environment variable of a script
    BAD_INPUT_NAME = "H0410", "bad-input-name", Error;
    /// a setting with an invalid value
    BAD_SETTING = "H0411", "bad-setting", Error;
    /// an invalid trigger
    BAD_TRIGGER = "H0412", "bad-trigger", Error;
    /// a mock that does not match its connection
    BAD_MOCK = "H0413", "bad-mock", Error;
    /// an `each op` that matches no op
    MATCHES_NOTHING = "H0414", "matches-nothing", Warning;
    /// a schedule without a next time
    NEVER_SCHEDULED = "H0415", "never-scheduled", Error;
    /// jobs that start each other, or themselves, without end
    ENDLESS_RESTART = "H0416", "endless-restart", Error;

    // H05: tests.
    /// an invalid statement in a test
    BAD_TEST = "H0501", "bad-test", Error;

    // H06: plans and runs.
    /// the requested job or profile does not exist
    NOTHING_TO_PLAN = "H0601", "nothing-to-plan", Error;
    /// a mocked component without its outputs
    MOCK_NEEDS_OUTPUTS = "H0602", "mock-needs-outputs", Error;
    /// a read of a field of a mocked connection
    MOCK_FIELD = "H0603", "mock-field", Error;
    /// more than 100,000 ops and hooks
    PLAN_TOO_LARGE = "H0604", "plan-too-large", Error;

    // H08: lints.
    /// a guard or default that changes nothing
    REDUNDANT_GUARD = "H0801", "redundant-guard", Warning;
    /// a condition, or a part of one, that is always true
    ALWAYS_TRUE = "H0802", "always-true", Warning;
    /// a condition, or a part of one, that is always false
    ALWAYS_FALSE = "H0803", "always-false", Warning;
    /// floats that are compared with `==` or `!=`
    FLOAT_EQUALITY = "H0804", "float-equality", Warning;
    /// a hook that repeats another, or that an earlier gate always refuses
    REPEATED_HOOK = "H0805", "repeated-hook", Warning;
    /// a private item that nothing uses
    NEVER_USED = "H0806", "never-used", Warning;
    /// a job whose failure no hook handles; off by default
    UNHANDLED_FAILURE = "H0807", "unhandled-failure", Info;
    /// a comment that allows a lint that does not occur
    UNUSED_ALLOW = "H0808", "unused-allow", Warning;
    /// an enum value that is hidden by a name in scope
    HIDDEN_ENUM_VALUE = "H0809", "hidden-enum-value", Warning;
    /// gates that together refuse everything
    ALWAYS_REFUSED = "H0810", "always-refused", Warning;
    /// a hook of `each op` that every op replaces or drops
    SHADOWED_HOOK = "H0811", "shadowed-hook", Warning;
    /// a trigger without an effect
    IDLE_TRIGGER = "H0812", "idle-trigger", Warning;
    /// an item that nothing in the project uses; off by default
    UNUSED_PUBLIC = "H0813", "unused-public", Info;
    /// jobs that start each other, or themselves, as long as a condition holds
    CONDITIONAL_RESTART = "H0814", "conditional-restart", Warning;
    /// an `after each op` above ops that it does not wait for
    EACH_OP_ABOVE = "H0815", "each-op-above", Warning;
    /// a queue that `[queues]` of `hook.toml` does not name
    UNKNOWN_QUEUE = "H0816", "unknown-queue", Warning;
}
