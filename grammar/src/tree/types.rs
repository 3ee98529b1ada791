//! Types: `int`, `list<int>`, `map<string, Tier>`, `T?`.

use crate::ast::{Type, TypeKind};
use crate::error::{ErrorKind, SyntaxError};
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

impl TreeBuilder<'_> {
    /// The whole text as a type.
    pub(crate) fn whole_type(&mut self) -> Option<Type> {
        if self.is_too_deep() {
            return None;
        }
        self.head(0, Rule::whole_type, |builder, mut children| builder.optional_type(&mut children))?
    }

    /// The type at the start of `children`, when one is written there.
    pub(super) fn optional_type(&mut self, children: &mut Children<'_>) -> Option<Type> {
        nodes::take(children, Rule::ty).map(|node| self.ty(node))
    }

    pub(super) fn ty(&mut self, node: Node<'_>) -> Type {
        let span = node.span();
        let mut children = nodes::children(node);
        let Some(name) = children.next() else {
            return Type { kind: TypeKind::Error, span };
        };
        if name.as_rule() != Rule::word {
            self.missing(ErrorKind::MissingType, &name, "a type is missing");
            return Type { kind: TypeKind::Error, span };
        }
        let end_of_name = name.span().end;
        let name = self.ident(&name);
        let mut args = Vec::new();
        let mut end = end_of_name;
        while let Some(inner) = nodes::take(&mut children, Rule::ty) {
            let Some(arg) = self.nested(node.span(), |builder| builder.ty(inner)) else {
                return Type { kind: TypeKind::Error, span };
            };
            args.push(arg);
        }
        if let Some(angle) = nodes::take(&mut children, Rule::missing_angle) {
            self.missing(ErrorKind::Unclosed, &angle, "`<` is never closed: `>` is missing");
        }
        // `??` is one sign, and here two marks.
        let marks = children.filter(|node| node.as_rule() == Rule::optional).map(|node| node.span());
        let marks: Vec<_> = marks.flat_map(|span| (span.start..span.end).map(|at| Span::new(at, at + 1))).collect();
        if !args.is_empty() {
            end = marks.first().map_or(span.end, |mark| mark.start);
        }
        let named = Type { kind: TypeKind::Named { name, args }, span: Span::new(span.start, end) };
        if let Some(place) = marks.get(1).copied() {
            self.report(SyntaxError::new(ErrorKind::Unexpected, place, "a type has at most one `?`").fix(
                place,
                "",
                "remove `?`",
            ));
        }
        if marks.is_empty() { named } else { Type { kind: TypeKind::Optional(Box::new(named)), span } }
    }
}
