//! Subjects of comparisons: a read of the context or of a local, its size, or a part of a time.

use hookc_plan::{Expr, Node, TimePart, Type};

use super::value_set::{Domain, Enums, ValueSet};

/// The subject of a comparison. A subject is a read, because the value of a read does not change.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'e> {
    /// The read itself.
    Read(&'e Expr),
    /// Its size.
    Size(&'e Expr),
    /// A part of a time, in UTC.
    Part(TimePart, &'e Expr),
}

impl<'e> Subject<'e> {
    pub(super) fn read(self) -> &'e Expr {
        match self {
            Subject::Read(read) | Subject::Size(read) | Subject::Part(_, read) => read,
        }
    }

    pub(super) fn same(self, other: Subject<'_>) -> bool {
        match (self, other) {
            (Subject::Read(a), Subject::Read(b)) | (Subject::Size(a), Subject::Size(b)) => same_read(a, b),
            (Subject::Part(a, x), Subject::Part(b, y)) => a == b && same_read(x, y),
            _ => false,
        }
    }

    /// Whether it has so many values that a single constant is neither the first nor the last of them.
    pub(super) fn is_wide(self) -> bool {
        let Subject::Read(read) = self else { return false };
        matches!(
            read.ty.required(),
            Type::Int | Type::Float | Type::String | Type::Path | Type::Uri | Type::Duration | Type::Timestamp
        )
    }

    /// The same subject of another read.
    pub(super) fn of(self, read: &Expr) -> Subject<'_> {
        match self {
            Subject::Read(_) => Subject::Read(read),
            Subject::Size(_) => Subject::Size(read),
            Subject::Part(part, _) => Subject::Part(part, read),
        }
    }

    /// Its possible values if nothing is known.
    pub(super) fn domain(self, enums: Enums<'_>) -> Domain {
        match self {
            Subject::Read(read) => Domain::of_type(&read.ty, enums),
            Subject::Size(_) => Domain { null: false, set: ValueSet::range(0, i128::from(i64::MAX)) },
            Subject::Part(part, _) => Domain { null: false, set: part_range(part) },
        }
    }
}

fn part_range(part: TimePart) -> ValueSet {
    let (low, high) = match part {
        TimePart::FullYear => (1, 9999),
        TimePart::Month => (0, 11),
        TimePart::Date => (1, 31),
        TimePart::DayOfMonth => (0, 30),
        TimePart::DayOfWeek => (0, 6),
        TimePart::DayOfYear => (0, 365),
        TimePart::Hours => (0, 23),
        TimePart::Minutes | TimePart::Seconds => (0, 59),
        TimePart::Milliseconds => (0, 999),
    };
    ValueSet::range(low, high)
}

/// The read without the conversions that the checker added; `None` if it is not a read.
pub(super) fn read_of(expr: &Expr) -> Option<(&Expr, bool)> {
    match &expr.node {
        Node::Narrow { a, .. } => read_of(a).map(|(read, _)| (read, true)),
        Node::Some { a } | Node::Retype { a } => read_of(a),
        Node::Ctx { .. } | Node::Local { .. } => Some((expr, false)),
        Node::Field { of, .. } => read_of(of).map(|_| (expr, false)),
        _ => None,
    }
}

/// Whether two reads have the same subject.
pub(super) fn same_read(a: &Expr, b: &Expr) -> bool {
    match (&a.node, &b.node) {
        (Node::Ctx { path: a }, Node::Ctx { path: b }) => a == b,
        (Node::Local { name: a }, Node::Local { name: b }) => a == b,
        (Node::Field { of: a, name: x }, Node::Field { of: b, name: y }) => {
            x == y
                && match (read_of(a), read_of(b)) {
                    (Some((a, _)), Some((b, _))) => same_read(a, b),
                    _ => false,
                }
        }
        _ => false,
    }
}
