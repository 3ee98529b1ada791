//! What many constructs are made of: parameters, arguments, calls, and lists in brackets.

use crate::ast::{Arg, Call, Expr, Param, Type, TypeKind};
use crate::build::{Build, head_span};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::pairs::{self, Pair, Row, Rule};
use crate::span::Span;
use crate::words::nearest;

impl Build<'_> {
    /// The next pair of this rule in a list; a missing comma before it is reported as standing between `what`.
    pub(super) fn next_member<'t>(&mut self, row: &mut Row<'t>, rule: Rule, what: &str) -> Option<Pair<'t>> {
        if self.at_member(row, &[rule], what) { row.next() } else { None }
    }

    /// Whether a member of a list comes next that begins with one of these rules; a missing comma before it is reported.
    pub(super) fn at_member(&mut self, row: &mut Row<'_>, rules: &[Rule], what: &str) -> bool {
        let comma = pairs::take(row, Rule::e_comma);
        let is_member = pairs::peek(row).is_some_and(|rule| rules.contains(&rule));
        if let Some(comma) = comma.filter(|_| is_member) {
            let place = self.place_before(&comma);
            let error = SyntaxError::new(ErrorKind::MissingSign, place, format!("a comma is missing {what}"));
            self.report(error.fix(place, ",", "insert `,`"));
        }
        is_member
    }

    /// The end of a list in brackets: what could not be read in it, and whether it is closed.
    pub(super) fn unclosed(&mut self, row: &mut Row<'_>, close: &str) {
        pairs::take(row, Rule::e_comma);
        if let Some(junk) = pairs::take(row, Rule::junk) {
            let span = head_span(&junk);
            let text = junk.as_str();
            let start = span.start + crate::lex::to_u32(text.len() - super::skip_trivia(text).len());
            let end = span.start + crate::lex::to_u32(text.trim_end().len());
            if start < end {
                let shown: String = super::skip_trivia(text).trim_end().chars().take(24).collect();
                let message = format!("unexpected `{}`", shown.escape_debug());
                self.report(SyntaxError::new(ErrorKind::Unexpected, Span::new(start, end), message));
            }
        }
        if let Some(end) = pairs::take(row, Rule::e_unclosed) {
            self.missing(ErrorKind::Unclosed, &end, format!("`{close}` is missing"));
        }
    }

    /// The parameters in brackets, when they come next; `missing` words their absence.
    pub(super) fn params(&mut self, row: &mut Row<'_>, missing: &str) -> Vec<Param> {
        if let Some(pair) = pairs::take(row, Rule::e_params) {
            self.missing(ErrorKind::MissingPart, &pair, missing);
            return Vec::new();
        }
        let Some(pair) = pairs::take(row, Rule::params) else {
            return Vec::new();
        };
        let mut inner = pairs::row(pair);
        let params = self.param_list(&mut inner);
        self.unclosed(&mut inner, ")");
        params
    }

    /// `-> (outputs)`, when it comes next.
    pub(super) fn returns(&mut self, row: &mut Row<'_>) -> Vec<Param> {
        let Some(pair) = pairs::take(row, Rule::returns) else {
            return Vec::new();
        };
        self.params(&mut pairs::row(pair), "the outputs are missing: `-> (name: type)`")
    }

    pub(super) fn param_list(&mut self, row: &mut Row<'_>) -> Vec<Param> {
        let mut params = Vec::with_capacity(row.count_of(Rule::param));
        while !self.misspelt_where(row)
            && let Some(pair) = self.next_member(row, Rule::param, "between two of these")
        {
            params.extend(self.param(pair));
        }
        params
    }

    /// Whether what looks like a parameter without a comma before it is a misspelt `where`, which is reported.
    fn misspelt_where(&mut self, row: &Row<'_>) -> bool {
        let mut ahead = row.clone();
        let param = pairs::take(&mut ahead, Rule::e_comma).and_then(|_| pairs::take(&mut ahead, Rule::param));
        let name = param.and_then(|param| pairs::row(param).next());
        let Some(name) = name.filter(|name| nearest(name.as_str(), [Keyword::Where]).is_some()) else {
            return false;
        };
        let span = head_span(&name);
        let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{}`", name.as_str()));
        self.report(error.help("did you mean `where`?").fix(span, "where", "write `where`"));
        self.garble(span.start);
        true
    }

    fn param(&mut self, pair: Pair<'_>) -> Option<Param> {
        let span = self.span(&pair);
        let doc = self.doc_at(self.base + span.start);
        let mut row = pairs::row(pair);
        let name = row.next()?;
        self.check_reserved(&name);
        let name = self.ident(&name);
        if let Some(missing) = pairs::take(&mut row, Rule::e_type) {
            let message = format!("`{}` needs a type: `{}: type`", name.text, name.text);
            let place = self.place_before(&missing);
            let error = SyntaxError::new(ErrorKind::MissingType, place, message);
            let typed = pairs::peek(&row) == Some(Rule::ty);
            self.report(if typed { error.fix(place, ":", "insert `:`") } else { error });
        }
        let ty = self.optional_type(&mut row);
        let ty = ty.unwrap_or(Type { kind: TypeKind::Error, span: Span::new(name.span.end, name.span.end) });
        let default = pairs::take(&mut row, Rule::default)
            .map(|pair| self.expr(&mut pairs::row(pair), "the default after `=` is missing"));
        let constraint = pairs::take(&mut row, Rule::constraint)
            .map(|pair| self.expr(&mut pairs::row(pair), "the condition after `where` is missing"));
        Some(Param { doc, name, ty, default, constraint, span })
    }

    /// The arguments in brackets, and the height of the highest.
    pub(super) fn arguments(&mut self, pair: Pair<'_>) -> (Vec<Arg>, u32) {
        let mut row = pairs::row(pair);
        let mut args = Vec::with_capacity(row.count_of(Rule::fexpr));
        let mut height = 0;
        let read = self.nested(&pair, |build| {
            while build.at_member(&mut row, &[Rule::label, Rule::fexpr], "between two arguments") {
                let (arg, own) = build.argument(&mut row);
                height = height.max(own);
                args.push(arg);
            }
            build.unclosed(&mut row, ")");
        });
        if read.is_none() {
            args.clear();
        }
        (args, height)
    }

    fn argument(&mut self, row: &mut Row<'_>) -> (Arg, u32) {
        let label = pairs::take(row, Rule::label).map(|label| self.label(&label));
        let missing = match (&label, pairs::peek(row)) {
            (Some(label), Some(Rule::e_value)) => format!("the value of `{}` is missing", label.text),
            _ => String::new(),
        };
        let value = row.peek().map_or(Span::default(), |value| self.span(&value));
        let span = label.as_ref().map_or(value, |label| label.span.to(value));
        let tree = self.tree(row, &missing);
        (Arg { label, value: tree.expr, span }, tree.height)
    }

    /// A label: the pair holds its name, a gap and the colon.
    fn label(&mut self, pair: &Pair<'_>) -> crate::ast::Ident {
        let text = pair.as_str();
        let name =
            text.find(|ch: char| ch.is_ascii() && !crate::lex::is_word_byte(ch as u8)).and_then(|end| text.get(..end));
        let name = name.unwrap_or(text);
        let start = head_span(pair).start;
        let span = Span::new(start, start + crate::lex::to_u32(name.len()));
        crate::ast::Ident { text: self.name_text(name, span), span: span.shifted(self.head.start - self.base) }
    }

    /// Arguments that must come next, in brackets; the word `what` takes them.
    pub(super) fn required_args(&mut self, row: &mut Row<'_>, what: &str) -> Option<Vec<Arg>> {
        if let Some(pair) = pairs::take(row, Rule::e_args) {
            let place = self.place_before(&pair);
            let error =
                SyntaxError::new(ErrorKind::MissingPart, place, format!("`{what}` needs its arguments in brackets"));
            self.report(error.fix(place, "()", "insert `()`"));
            return None;
        }
        pairs::take(row, Rule::args).map(|pair| self.arguments(pair).0)
    }

    /// The call that must come next; `missing` words its absence.
    pub(super) fn call(&mut self, row: &mut Row<'_>, missing: &str) -> Call {
        let pair = row.next_if(|pair| matches!(pair.as_rule(), Rule::call | Rule::trigger_call));
        let Some(pair) = pair else {
            return Call { name: None, args: Vec::new(), span: Span::default(), args_span: None };
        };
        let mut span = self.span(&pair);
        let mut inner = pairs::row(pair);
        if let Some(none) = pairs::take(&mut inner, Rule::e_call) {
            self.missing(ErrorKind::MissingPart, &none, missing);
            return Call { name: None, args: Vec::new(), span, args_span: None };
        }
        let name = inner.next().filter(|name| !self.is_patched(name)).map(|name| self.ident(&name));
        let brackets = inner.peek().filter(|pair| pair.as_rule() == Rule::args).map(|pair| {
            let open = pair.into_inner().last().is_some_and(|last| last.as_rule() == Rule::e_unclosed);
            let span = self.span(&pair);
            Span::new(span.start, span.end - u32::from(!open))
        });
        let args = self
            .required_args(&mut inner, name.as_ref().map_or("the call", |name| name.text.as_str()))
            .unwrap_or_default();
        if brackets.is_none() {
            span.end = name.as_ref().map_or(span.end, |name| name.span.end);
        }
        Call { name, args, span, args_span: brackets }
    }

    /// `when COND`, which is the next pair.
    pub(super) fn when(&mut self, pair: Pair<'_>) -> Expr {
        self.expr(&mut pairs::row(pair), "the condition after `when` is missing")
    }

    /// `=` that is missing or doubled.
    pub(super) fn equals(&mut self, row: &mut Row<'_>, what: &str) {
        if let Some(pair) = pairs::take(row, Rule::e_eq) {
            self.missing(ErrorKind::MissingSign, &pair, format!("{what} needs `=`"));
        } else if let Some(pair) = pairs::take(row, Rule::e_double_eq) {
            let span = head_span(&pair);
            let error = SyntaxError::new(ErrorKind::Unexpected, span, "a declaration takes one `=`");
            self.report(error.fix(span, "=", "write `=`"));
        }
    }

    /// A clause that stands twice.
    pub(super) fn twice(&mut self, pair: &Pair<'_>, word: &str) {
        let error = SyntaxError::new(ErrorKind::NotAllowedHere, head_span(pair), format!("`{word}` stands twice"));
        self.report(error);
    }
}
