//! The operands of each node, in the order of their evaluation: the one place that lists them.

use crate::expr::{Expr, Node};

impl Expr {
    /// Calls `f` with each operand, in the order in which they are evaluated.
    pub fn operands<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        self.node.operands(f);
    }

    /// Calls `f` with the expression and all that is in it, outermost first. It does not recurse.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        let mut open = vec![self];
        let mut operands = Vec::new();
        while let Some(expr) = open.pop() {
            f(expr);
            expr.operands(&mut |operand| operands.push(operand));
            open.extend(operands.drain(..).rev());
        }
    }
}

impl Node {
    /// Calls `f` with each operand, in the order in which they are evaluated.
    pub fn operands<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        match self {
            Node::Const { .. }
            | Node::Secret { .. }
            | Node::Ctx { .. }
            | Node::Local { .. }
            | Node::Connection { .. } => {}
            Node::List { items: many } | Node::Template { parts: many } => many.iter().for_each(f),
            Node::Map { entries } | Node::MapOf { entries } | Node::Record { fields: entries, .. } => {
                entries.iter().for_each(|entry| f(&entry.value));
            }
            Node::Replace { .. }
            | Node::Slice { .. }
            | Node::Split { .. }
            | Node::Substring { .. }
            | Node::IndexOf { .. }
            | Node::LastIndexOf { .. }
            | Node::TsPart { .. }
            | Node::Cond { .. }
            | Node::Macro { .. } => self.long_operands(f),
            node => {
                if let Some((a, b)) = node.two_operands() {
                    f(a);
                    f(b);
                } else if let Some(a) = node.one_operand() {
                    f(a);
                }
            }
        }
    }

    fn long_operands<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        match self {
            Node::Replace { a, from, to, limit } => {
                f(a);
                f(from);
                f(to);
                limit.iter().for_each(|limit| f(limit));
            }
            Node::Slice { a, from, to } => {
                f(a);
                f(from);
                f(to);
            }
            Node::Split { a, by: b, limit: c }
            | Node::Substring { a, from: b, to: c }
            | Node::IndexOf { a, b, from: c }
            | Node::LastIndexOf { a, b, from: c } => {
                f(a);
                f(b);
                c.iter().for_each(|c| f(c));
            }
            Node::TsPart { a, zone, .. } => {
                f(a);
                zone.iter().for_each(|zone| f(zone));
            }
            Node::Cond { test, a, b } => {
                f(test);
                f(a);
                f(b);
            }
            Node::Macro { over, keep, body, .. } => {
                f(over);
                keep.iter().for_each(|keep| f(keep));
                f(body);
            }
            _ => {}
        }
    }

    fn two_operands(&self) -> Option<(&Expr, &Expr)> {
        match self {
            Node::IndexList { of: a, at: b }
            | Node::IndexMap { of: a, key: b }
            | Node::GetMap { of: a, key: b }
            | Node::CharAt { a, at: b }
            | Node::Join { a, by: b }
            | Node::Truncate { a, n: b }
            | Node::Fixed { a, digits: b }
            | Node::OrElse { a, b }
            | Node::And { a, b }
            | Node::Or { a, b }
            | Node::Eq { a, b, .. }
            | Node::Ne { a, b, .. }
            | Node::Lt { a, b, .. }
            | Node::Le { a, b, .. }
            | Node::Gt { a, b, .. }
            | Node::Ge { a, b, .. }
            | Node::IntAdd { a, b }
            | Node::IntSub { a, b }
            | Node::IntMul { a, b }
            | Node::IntDiv { a, b }
            | Node::IntRem { a, b }
            | Node::FloatAdd { a, b }
            | Node::FloatSub { a, b }
            | Node::FloatMul { a, b }
            | Node::FloatDiv { a, b }
            | Node::BitAnd { a, b }
            | Node::BitOr { a, b }
            | Node::BitXor { a, b }
            | Node::BitShiftLeft { a, b }
            | Node::BitShiftRight { a, b }
            | Node::DurAdd { a, b }
            | Node::DurSub { a, b }
            | Node::TsAdd { a, b }
            | Node::TsSub { a, b }
            | Node::TsDiff { a, b }
            | Node::Concat { a, b }
            | Node::Contains { a, b }
            | Node::StartsWith { a, b }
            | Node::EndsWith { a, b }
            | Node::InList { a, b }
            | Node::InMap { a, b }
            | Node::ConcatList { a, b } => Some((a, b)),
            _ => None,
        }
    }

    fn one_operand(&self) -> Option<&Expr> {
        match self {
            Node::Json { value: a }
            | Node::Field { of: a, .. }
            | Node::IsNull { a }
            | Node::Narrow { a, .. }
            | Node::Some { a }
            | Node::Not { a }
            | Node::IntNeg { a }
            | Node::FloatNeg { a }
            | Node::Greatest { a, .. }
            | Node::Least { a, .. }
            | Node::IntAbs { a }
            | Node::IntSign { a }
            | Node::FloatAbs { a }
            | Node::FloatSign { a }
            | Node::Ceil { a }
            | Node::Floor { a }
            | Node::Round { a }
            | Node::Trunc { a }
            | Node::IsNan { a }
            | Node::IsInf { a }
            | Node::IsFinite { a }
            | Node::BitNot { a }
            | Node::DurNeg { a }
            | Node::DurPart { a, .. }
            | Node::Seconds { a }
            | Node::FormatTime { a, .. }
            | Node::SizeString { a }
            | Node::Matches { a, .. }
            | Node::LowerAscii { a }
            | Node::UpperAscii { a }
            | Node::Trim { a }
            | Node::ReverseString { a }
            | Node::SizeList { a }
            | Node::SizeMap { a }
            | Node::Flatten { a }
            | Node::Distinct { a }
            | Node::Sort { a, .. }
            | Node::ReverseList { a }
            | Node::Range { a }
            | Node::First { a }
            | Node::Last { a }
            | Node::IntToFloat { a }
            | Node::FloatToInt { a }
            | Node::StringToInt { a }
            | Node::StringToFloat { a }
            | Node::StringToBool { a }
            | Node::TimestampToInt { a }
            | Node::IntToTimestamp { a }
            | Node::Retype { a }
            | Node::ToText { a, .. }
            | Node::ParseDuration { a }
            | Node::ParseTimestamp { a } => Some(a),
            _ => None,
        }
    }
}
