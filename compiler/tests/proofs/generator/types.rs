//! The types that generated programs use. Their enums and records are the same in every program.

use std::fmt;

/// A type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ty {
    Bool,
    Int,
    Float,
    Text,
    Duration,
    Timestamp,
    Enum(&'static Enumeration),
    List(&'static Ty),
    Map(&'static Ty),
    Record(&'static Shape),
    Optional(&'static Ty),
}

/// An enum's name and values.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Enumeration {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

/// A record's name and fields.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, Ty)],
}

/// Built in, so that an expression by itself can have it.
pub(crate) static OP_STATUS: Enumeration = Enumeration {
    name: "OpStatus",
    values: &["succeeded", "failed", "stopped", "skipped", "upstream_failed", "pending"],
};

/// Declared by generated programs.
pub(crate) static TIER: Enumeration = Enumeration { name: "Tier", values: &["small", "large"] };

/// Declared by generated programs.
pub(crate) static POINT: Shape = Shape {
    name: "Point",
    fields: &[
        ("x", Ty::Int),
        ("note", Ty::Optional(&Ty::Text)),
        ("tier", Ty::Enum(&TIER)),
        ("level", Ty::Optional(&Ty::Float)),
        ("tags", Ty::List(&Ty::Text)),
    ],
};

/// The declarations of the enum and the record.
pub(crate) fn declarations() -> String {
    let fields: Vec<String> = POINT.fields.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    format!("enum Tier {{ {} }}\nrecord Point {{ {} }}\n", TIER.values.join(", "), fields.join(", "))
}

/// What programs hold many points in.
pub(crate) static POINTS: [Ty; 2] = [Ty::List(&Ty::Record(&POINT)), Ty::Map(&Ty::Record(&POINT))];

/// Declared by generated programs, with rules for its fields.
pub(crate) static SPAN: Shape =
    Shape { name: "Span", fields: &[("a", Ty::Int), ("b", Ty::Optional(&Ty::Float)), ("c", Ty::List(&Ty::Text))] };

/// Built in: how a job ends.
pub(crate) static JOB_STATUS: Enumeration =
    Enumeration { name: "JobStatus", values: &["succeeded", "failed", "stopped"] };

/// Built in: `job.previous`, as far as generated expressions read it.
pub(crate) static PREVIOUS: Shape =
    Shape { name: "job.previous", fields: &[("id", Ty::Text), ("finished_at", Ty::Timestamp)] };

/// The types without parts that an expression by itself can have.
pub(crate) static SIMPLE: [Ty; 7] =
    [Ty::Bool, Ty::Int, Ty::Float, Ty::Text, Ty::Duration, Ty::Timestamp, Ty::Enum(&OP_STATUS)];

/// What lists hold.
pub(crate) static ITEMS: [Ty; 4] = [Ty::Int, Ty::Text, Ty::Float, Ty::Enum(&OP_STATUS)];

/// What maps hold.
pub(crate) static MAPPED: [Ty; 2] = [Ty::Int, Ty::Text];

/// What may be null.
pub(crate) static NULLABLE: [Ty; 5] = [Ty::Int, Ty::Text, Ty::Float, Ty::Bool, Ty::Timestamp];

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Bool => f.write_str("bool"),
            Ty::Int => f.write_str("int"),
            Ty::Float => f.write_str("float"),
            Ty::Text => f.write_str("string"),
            Ty::Duration => f.write_str("duration"),
            Ty::Timestamp => f.write_str("timestamp"),
            Ty::Enum(of) => f.write_str(of.name),
            Ty::List(of) => write!(f, "list<{of}>"),
            Ty::Map(of) => write!(f, "map<string, {of}>"),
            Ty::Record(of) => f.write_str(of.name),
            Ty::Optional(of) => write!(f, "{of}?"),
        }
    }
}
