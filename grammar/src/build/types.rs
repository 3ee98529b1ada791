//! Types: `int`, `list<int>`, `map<string, Tier>`, `T?`.

use crate::ast::{Type, TypeKind};
use crate::build::{Build, head_span};
use crate::error::{ErrorKind, SyntaxError};
use crate::pairs::{self, Pair, Row, Rule};
use crate::span::Span;

impl Build<'_> {
    /// The whole text as a type.
    pub(crate) fn whole_type(&mut self) -> Option<Type> {
        if self.is_too_deep() {
            return None;
        }
        self.head(0, Rule::whole_type, |build, mut row| build.optional_type(&mut row))?
    }

    /// The type at the start of `row`, when one is written there.
    pub(super) fn optional_type(&mut self, row: &mut Row<'_>) -> Option<Type> {
        pairs::take(row, Rule::ty).map(|pair| self.ty(pair))
    }

    pub(super) fn ty(&mut self, pair: Pair<'_>) -> Type {
        let span = self.span(&pair);
        let mut row = pairs::row(pair);
        let Some(name) = row.next() else {
            return Type { kind: TypeKind::Error, span };
        };
        if name.as_rule() != Rule::word {
            self.missing(ErrorKind::MissingType, &name, "a type is missing");
            return Type { kind: TypeKind::Error, span };
        }
        let end_of_name = self.span(&name).end;
        let name = self.ident(&name);
        let mut args = Vec::new();
        let mut end = end_of_name;
        while let Some(inner) = pairs::take(&mut row, Rule::ty) {
            let Some(arg) = self.nested(&pair, |build| build.ty(inner)) else {
                return Type { kind: TypeKind::Error, span };
            };
            args.push(arg);
        }
        if let Some(angle) = pairs::take(&mut row, Rule::e_angle) {
            self.missing(ErrorKind::Unclosed, &angle, "`<` is never closed: `>` is missing");
        }
        // `??` is one sign, and here two marks.
        let marks = row.filter(|pair| pair.as_rule() == Rule::optional).map(|pair| head_span(&pair));
        let marks: Vec<_> = marks.flat_map(|span| (span.start..span.end).map(|at| Span::new(at, at + 1))).collect();
        if !args.is_empty() {
            let back = self.head.start - self.base;
            end = marks.first().map_or(span.end, |mark| mark.start + back);
        }
        let named = Type { kind: TypeKind::Named { name, args }, span: Span::new(span.start, end) };
        if let Some(place) = marks.get(1).copied() {
            self.report(SyntaxError::new(ErrorKind::Unexpected, place, "`?` stands once").fix(place, "", "remove `?`"));
        }
        if marks.is_empty() { named } else { Type { kind: TypeKind::Optional(Box::new(named)), span } }
    }
}
