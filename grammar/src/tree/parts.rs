//! What many constructs are made of: parameters, arguments, calls, and lists in brackets.

use crate::ast::{Arg, Call, Expr, Ident, Param, Type, TypeKind};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::{Keyword, WordClass};
use crate::nearest::nearest;
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

/// What parameters can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParamNames {
    /// Any word but `true`, `false` and `null`: they are read after a root, as in `inputs.from`.
    AnyWord,
    /// No reserved word: they are read by their bare names.
    Bare,
}

impl TreeBuilder<'_> {
    /// The next node of this rule in a list; a missing comma before it is reported as standing between `what`.
    pub(super) fn next_member<'t>(&mut self, children: &mut Children<'t>, rule: Rule, what: &str) -> Option<Node<'t>> {
        if self.at_member(children, &[rule], what) { children.next() } else { None }
    }

    /// Whether a member of a list comes next that begins with one of these rules; a missing comma before it is reported.
    pub(super) fn at_member(&mut self, children: &mut Children<'_>, rules: &[Rule], what: &str) -> bool {
        let comma = nodes::take(children, Rule::missing_comma);
        let is_member = nodes::peek(children).is_some_and(|rule| rules.contains(&rule));
        if let Some(comma) = comma.filter(|_| is_member) {
            let place = self.place_before(&comma);
            let error = SyntaxError::new(ErrorKind::MissingSign, place, format!("a comma is missing {what}"));
            self.report(error.fix(place, ",", "insert `,`"));
        }
        is_member
    }

    /// The end of a list in brackets: what could not be read in it, and whether it is closed.
    pub(super) fn unclosed(&mut self, children: &mut Children<'_>, close: &str) {
        nodes::take(children, Rule::missing_comma);
        if let Some(junk) = children.next_if(|node| matches!(node.as_rule(), Rule::junk | Rule::hole_junk)) {
            let shown: String = junk.as_str().chars().take(24).collect();
            let message = format!("unexpected `{}`", shown.escape_debug());
            self.report(SyntaxError::new(ErrorKind::Unexpected, junk.span(), message));
        }
        if let Some(end) = nodes::take(children, Rule::missing_bracket) {
            self.missing(ErrorKind::Unclosed, &end, format!("`{close}` is missing"));
        }
    }

    /// The inputs or outputs in brackets, when they come next; `missing` words their absence.
    pub(super) fn params(&mut self, children: &mut Children<'_>, missing: &str) -> Vec<Param> {
        self.params_named(children, missing, ParamNames::AnyWord)
    }

    /// The parameters in brackets, which are read by their bare names.
    pub(super) fn bare_params(&mut self, children: &mut Children<'_>, missing: &str) -> Vec<Param> {
        self.params_named(children, missing, ParamNames::Bare)
    }

    fn params_named(&mut self, children: &mut Children<'_>, missing: &str, names: ParamNames) -> Vec<Param> {
        if let Some(node) = nodes::take(children, Rule::missing_params) {
            self.missing(ErrorKind::MissingPart, &node, missing);
            return Vec::new();
        }
        let Some(node) = nodes::take(children, Rule::params) else {
            return Vec::new();
        };
        let mut inner = nodes::children(node);
        let params = self.param_list(&mut inner, names);
        self.unclosed(&mut inner, ")");
        params
    }

    /// `-> (outputs)`, when it comes next.
    pub(super) fn returns(&mut self, children: &mut Children<'_>) -> Vec<Param> {
        let Some(node) = nodes::take(children, Rule::returns) else {
            return Vec::new();
        };
        self.params(&mut nodes::children(node), "the outputs are missing: `-> (name: type)`")
    }

    pub(super) fn param_list(&mut self, children: &mut Children<'_>, names: ParamNames) -> Vec<Param> {
        let mut params = Vec::with_capacity(children.count_of(Rule::param));
        while !self.misspelt_where(children)
            && let Some(node) = self.next_member(children, Rule::param, "between two declarations")
        {
            params.extend(self.param(node, names));
        }
        params
    }

    /// Whether what looks like a parameter without a comma before it is a misspelt `where`, which is reported.
    fn misspelt_where(&mut self, children: &Children<'_>) -> bool {
        let mut ahead = children.clone();
        let param = nodes::take(&mut ahead, Rule::missing_comma).and_then(|_| nodes::take(&mut ahead, Rule::param));
        let name = param.and_then(|param| nodes::children(param).next());
        let Some(name) = name.filter(|name| nearest(name.as_str(), [Keyword::Where]).is_some()) else {
            return false;
        };
        let span = name.span();
        let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{}`", name.as_str()));
        self.report(error.help("did you mean `where`?").fix(span, "where", "write `where`"));
        self.garble(span.start);
        true
    }

    fn param(&mut self, node: Node<'_>, names: ParamNames) -> Option<Param> {
        let span = node.span();
        let doc = self.doc_at(span.start);
        let mut children = nodes::children(node);
        let name = children.next()?;
        if names == ParamNames::Bare || self.keyword(&name).is_some_and(|word| word.class() == WordClass::Literal) {
            self.check_reserved(&name);
        }
        let name = self.ident(&name);
        if let Some(missing) = nodes::take(&mut children, Rule::missing_type) {
            let message = format!("`{}` needs a type: `{}: type`", name.text, name.text);
            let place = self.place_before(&missing);
            let error = SyntaxError::new(ErrorKind::MissingType, place, message);
            let typed = nodes::peek(&children) == Some(Rule::ty);
            self.report(if typed { error.fix(place, ":", "insert `:`") } else { error });
        }
        let ty = self.optional_type(&mut children);
        let ty = ty.unwrap_or(Type { kind: TypeKind::Error, span: Span::new(name.span.end, name.span.end) });
        let default = nodes::take(&mut children, Rule::default)
            .map(|node| self.expr(&mut nodes::children(node), "the default after `=` is missing"));
        let constraint = nodes::take(&mut children, Rule::constraint)
            .map(|node| self.expr(&mut nodes::children(node), "the condition after `where` is missing"));
        Some(Param { doc, name, ty, default, constraint, span })
    }

    /// The arguments in brackets, and the height of the highest.
    pub(super) fn arguments(&mut self, node: Node<'_>) -> (Vec<Arg>, u32) {
        let mut children = nodes::children(node);
        let mut args = Vec::with_capacity(children.count_of(Rule::fexpr));
        let mut height = 0;
        let read = self.nested(node.inner_span(), |builder| {
            while builder.at_member(&mut children, &[Rule::label, Rule::fexpr], "between two arguments") {
                let (arg, own) = builder.argument(&mut children);
                height = height.max(own);
                args.push(arg);
            }
            builder.unclosed(&mut children, ")");
        });
        if read.is_none() {
            args.clear();
        }
        (args, height)
    }

    fn argument(&mut self, children: &mut Children<'_>) -> (Arg, u32) {
        let label = nodes::take(children, Rule::label).map(|label| self.label(&label));
        let missing = match (&label, nodes::peek(children)) {
            (Some(label), Some(Rule::missing_value)) => format!("the value of `{}` is missing", label.text),
            _ => String::new(),
        };
        let value = children.peek().map_or(Span::default(), |value| value.span());
        let span = label.as_ref().map_or(value, |label| label.span.to(value));
        let tree = self.tree(children, &missing);
        (Arg { label, value: tree.expr, span }, tree.height)
    }

    /// A label: the node has the tokens of the name and of the colon.
    fn label(&mut self, node: &Node<'_>) -> Ident {
        let span = self.head.tokens.at(node.span().start);
        Ident { text: self.name_text(self.source(span), span), span }
    }

    /// Arguments that must come next, in brackets; the word `what` takes them.
    pub(super) fn required_args(&mut self, children: &mut Children<'_>, what: &str) -> Option<Vec<Arg>> {
        if let Some(node) = nodes::take(children, Rule::missing_args) {
            let place = self.place_before(&node);
            let error =
                SyntaxError::new(ErrorKind::MissingPart, place, format!("`{what}` needs its arguments in parentheses"));
            self.report(error.fix(place, "()", "insert `()`"));
            return None;
        }
        nodes::take(children, Rule::args).map(|node| self.arguments(node).0)
    }

    /// The call that must come next; `missing` words its absence.
    pub(super) fn call(&mut self, children: &mut Children<'_>, missing: &str) -> Call {
        let node = children.next_if(|node| matches!(node.as_rule(), Rule::call | Rule::trigger_call));
        let Some(node) = node else {
            return Call { name: None, args: Vec::new(), span: Span::default(), args_span: None };
        };
        let mut span = node.span();
        let mut inner = nodes::children(node);
        if let Some(none) = nodes::take(&mut inner, Rule::missing_call) {
            self.missing(ErrorKind::MissingPart, &none, missing);
            return Call { name: None, args: Vec::new(), span, args_span: None };
        }
        let name = inner.next().filter(|name| !self.is_repaired(name)).map(|name| self.ident(&name));
        let brackets = inner.peek().filter(|node| node.as_rule() == Rule::args).map(|node| {
            let open = node.into_inner().last().is_some_and(|last| last.as_rule() == Rule::missing_bracket);
            let span = node.span();
            Span::new(span.start + 1, span.end - u32::from(!open))
        });
        let args = self
            .required_args(&mut inner, name.as_ref().map_or("the call", |name| name.text.as_str()))
            .unwrap_or_default();
        if brackets.is_none() {
            span.end = name.as_ref().map_or(span.end, |name| name.span.end);
        }
        Call { name, args, span, args_span: brackets }
    }

    /// `when COND`, which is the next node.
    pub(super) fn when(&mut self, node: Node<'_>) -> Expr {
        self.expr(&mut nodes::children(node), "the condition after `when` is missing")
    }

    /// `=` that is missing or doubled.
    pub(super) fn equals(&mut self, children: &mut Children<'_>, what: &str) {
        if let Some(node) = nodes::take(children, Rule::missing_equal) {
            self.missing(ErrorKind::MissingSign, &node, format!("{what} needs `=`"));
        } else if let Some(node) = nodes::take(children, Rule::double_equal) {
            let span = node.span();
            let error = SyntaxError::new(ErrorKind::Unexpected, span, "a declaration takes one `=`");
            self.report(error.fix(span, "=", "write `=`"));
        }
    }

    /// A clause that stands twice.
    pub(super) fn twice(&mut self, node: &Node<'_>, word: &str) {
        let error = SyntaxError::new(ErrorKind::NotAllowedHere, node.span(), format!("`{word}` is given twice"));
        self.report(error);
    }
}
