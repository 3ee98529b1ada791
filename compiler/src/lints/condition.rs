//! Lints of one condition: parts that are always true or always false where they stand, and floats that are compared
//! for equality.
//!
//! Only what is written at the place counts: a named constant or a parameter of a reusable hook may be another next
//! week, and so nothing is concluded from its value.

use hookc_grammar::Span;
use hookc_plan as plan;
use hookc_plan::{CompareOn, Event, Expr, JobField, Node, OpField, OpState, Path, Type};
use std::rc::Rc;

use super::atom::constant;
use super::set::{Domain, Set};
use super::split::{Decided, Known, Split, State};
use super::term::{Term, same_read};
use crate::check::{Checker, Env, Owner, Scope};
use crate::declare::{Params, Place};
use crate::diagnostics::{self, Diagnostic};
use crate::sources::{FileId, Sources};

/// A `where` that holds of what a condition reads.
struct Rule<'e> {
    /// The read in the condition.
    read: &'e Expr,
    /// The same in the rule.
    own: Expr,
    rule: Rc<Expr>,
}

impl<'s> Checker<'_, 's> {
    /// Reports what is suspicious about a condition.
    pub(crate) fn lint_condition(&mut self, scope: &Scope<'_, 's>, expr: &Expr) {
        let mut reads = Vec::new();
        let mut floats = Vec::new();
        expr.walk(&mut |expr| match &expr.node {
            Node::Ctx { path } if may_be_known(path) => reads.push(expr),
            Node::Field { .. } => reads.push(expr),
            Node::Eq { on, a, b } | Node::Ne { on, a, b } if *on == CompareOn::Float => floats.push((expr, a, b)),
            _ => {}
        });
        for (expr, a, b) in floats {
            if ![a, b].into_iter().any(|side| is_zero(side)) {
                let (file, span) = place(expr.span);
                let message = "floats are compared for equality: a computed one is rarely exactly the other";
                let diagnostic = Diagnostic::new(diagnostics::FLOAT_EQUALITY, file, span, message);
                self.report(diagnostic.help("compare with a range, as in `x > 0.49 && x < 0.51`"));
            }
        }
        let rules = self.rules(scope, &reads);
        let sources = self.program.sources;
        let literal = |expr: &Expr| is_literal(sources, expr);
        let enums = |name: &str| self.enum_values(name);
        let mut given = states_of_event(scope.env, &reads);
        for rule in &rules {
            given.extend(known_by(rule, &enums, &literal));
        }
        let mut split = Split::new(&enums, &literal, &given);
        if split.is_plain(expr, 0, &mut Vec::new()) {
            return;
        }
        split.split(expr, vec![State::new()]);
        let mut decided = split.decided;
        decided.dedup();
        let rules: Vec<Expr> = rules.iter().map(|rule| rule.rule.as_ref().clone()).collect();
        for found in decided {
            self.report_decided(&found, &rules);
        }
    }

    fn report_decided(&mut self, found: &Decided, rules: &[Expr]) {
        let (file, span) = place(found.span);
        let (code, word) =
            if found.value { (diagnostics::ALWAYS_TRUE, "true") } else { (diagnostics::ALWAYS_FALSE, "false") };
        let by_rule = found.because.is_some_and(|because| rules.iter().any(|rule| contains(rule.span, because)));
        let message = match found.because {
            None => format!("this is always {word}"),
            Some(_) if by_rule => format!("this is always {word}: the rule of what it reads says so"),
            Some(_) => format!("this is always {word} here: what stands before it says so"),
        };
        let mut diagnostic = Diagnostic::new(code, file, span, message);
        if let Some(because) = found.because.filter(|because| *because != found.span) {
            let (file, span) = place(because);
            let text = if by_rule { "the rule" } else { "said here" };
            diagnostic = diagnostic.label(file, span, text);
        }
        let help = if found.value {
            "leave it out, or ask for something that can be false"
        } else {
            "what depends on it never happens: change it or leave it out"
        };
        self.report(diagnostic.help(help));
    }

    /// The values of an enum by the key of its type.
    pub(super) fn enum_values(&self, key: &str) -> Option<Vec<plan::Name>> {
        let mut defs = self.program.enums.iter();
        let found = defs.find(|def| self.is_key(key, &def.name, def.place));
        found.map(|def| def.values.clone())
    }

    /// Whether the plan writes a name that is declared there as `key`.
    fn is_key(&self, key: &str, name: &str, declared: Option<Place>) -> bool {
        let Some((path, bare)) = key.rsplit_once(':') else {
            return key == name && declared.is_none_or(|place| place.file == self.root);
        };
        let path_of = |place: Place| self.program.sources.file(place.file).path.as_str();
        bare == name
            && declared.is_some_and(|place| path_of(place).strip_suffix(".hook").unwrap_or(path_of(place)) == path)
    }

    /// The rules of the inputs that are read, and of the fields of records in them, where they hold for sure.
    fn rules<'e>(&mut self, scope: &Scope<'_, 's>, reads: &[&'e Expr]) -> Vec<Rule<'e>> {
        let mut rules = Vec::new();
        for read in reads {
            let found = match &read.node {
                Node::Ctx { path } => self.input_rule(scope, path).map(|rule| (rule, (*read).clone())),
                Node::Field { of, name } if has_checked_root(scope, of) => self.field_rule(of, name, read),
                _ => None,
            };
            rules.extend(found.map(|(rule, own)| Rule { read, own, rule }));
        }
        rules
    }

    fn input_rule(&mut self, scope: &Scope<'_, 's>, path: &Path) -> Option<Rc<Expr>> {
        if !is_checked(scope, path) {
            return None;
        }
        let (owner, params, name): (Owner, &Params<'s>, _) = match (path, scope.env) {
            (Path::Input(name), Env::Op(context)) => (Owner::Component, context.inputs, name),
            (Path::JobInput(name), Env::Job(job, _)) => (Owner::Job, &job.def.inputs, name),
            (Path::JobInput(name), Env::Op(context)) => (Owner::Job, &context.job?.0.def.inputs, name),
            (Path::JobInput(name), Env::JobHook(context)) => (Owner::Job, &context.job?.def.inputs, name),
            _ => return None,
        };
        let (index, _, param) = params.get_full(name)?;
        param.ast?.constraint.as_ref()?;
        self.refinement(owner, params, index)
    }

    fn field_rule(&mut self, of: &Expr, name: &plan::Name, read: &Expr) -> Option<(Rc<Expr>, Expr)> {
        let Type::Record(key) = &of.ty else { return None };
        let program = self.program;
        let def = program.records.iter().find(|def| self.is_key(key, &def.name, def.place))?;
        let (index, _, param) = def.fields.get_full(name)?;
        param.ast?.constraint.as_ref()?;
        let rule = self.refinement(Owner::Local, &def.fields, index)?;
        let own =
            Expr { node: Node::Local { name: name.clone() }, ty: read.ty.clone(), span: read.span, via: Vec::new() };
        Some((rule, own))
    }
}

/// Whether rules or events can say something of it.
fn may_be_known(path: &Path) -> bool {
    matches!(path, Path::Input(_) | Path::JobInput(_) | Path::Op(OpField::Status) | Path::Job(JobField::Status))
}

/// Whether the rules of the input are known to have been checked: a run, or an op, that breaks them goes no further.
/// On `failed` they may be what failed, and a wider hook holds for components with other rules.
fn is_checked(scope: &Scope<'_, '_>, path: &Path) -> bool {
    match (path, scope.env) {
        (Path::JobInput(_), Env::JobHook(context)) => context.job.is_some(),
        (Path::JobInput(_), Env::Job(..)) => true,
        (Path::JobInput(_), Env::Op(context)) => context.job.is_some(),
        (Path::Input(_), Env::Op(context)) => {
            let ran = |event: &Event| matches!(event, Event::Succeeded | Event::End | Event::Retrying);
            context.events.iter().all(ran)
        }
        _ => false,
    }
}

fn has_checked_root(scope: &Scope<'_, '_>, of: &Expr) -> bool {
    match &of.node {
        Node::Ctx { path } => is_checked(scope, path),
        Node::Field { of, .. } | Node::Narrow { a: of, .. } => has_checked_root(scope, of),
        _ => false,
    }
}

/// The final states that the events of a hook leave. To ask for one of them again is harmless; for another, a mistake.
fn states_of_event<'e>(env: Env<'_, '_>, reads: &[&'e Expr]) -> Vec<Known<'e>> {
    let (wanted, events) = match env {
        Env::Op(context) if !context.retry => (Path::Op(OpField::Status), &context.events),
        Env::JobHook(context) => (Path::Job(JobField::Status), &context.events),
        _ => return Vec::new(),
    };
    let Some(read) = reads.iter().find(|read| matches!(&read.node, Node::Ctx { path } if *path == wanted)) else {
        return Vec::new();
    };
    let states: Option<Vec<_>> = events.iter().map(|event| OpState::from_word(event.word())).collect();
    let Some(states) = states else { return Vec::new() };
    let mut of: Vec<plan::Name> = states.iter().map(|state| plan::Name::new_static(state.word())).collect();
    of.sort_unstable();
    vec![Known {
        term: Term::Read(read),
        domain: Domain { null: true, set: Set::Texts { all_but: false, of } },
        because: None,
        obvious: true,
    }]
}

/// What a rule says of the read by itself.
fn known_by<'e>(rule: &Rule<'e>, enums: super::set::Enums<'_>, literal: super::atom::Literal<'_>) -> Vec<Known<'e>> {
    let mut split = Split::new(enums, literal, &[]);
    let states = split.split(&rule.rule, vec![State::new()]).yes;
    let Some((first, rest)) = states.split_first() else {
        return Vec::new();
    };
    let own = first.iter().filter(|known| same_read(known.term.read(), &rule.own));
    let known = own.filter_map(|known| {
        let mut joined = rest.iter().try_fold(known.domain.clone(), |all, state| {
            let same = state.iter().find(|other| other.term.same(known.term))?;
            Some(all.join(&same.domain))
        })?;
        // Where the event lets an input be missing, its rule says nothing of that.
        let optional = |read: &Expr| matches!(read.ty, Type::Optional(_));
        joined.null |= optional(rule.read) && !optional(known.term.read());
        Some(Known { term: known.term.of(rule.read), domain: joined, because: Some(rule.rule.span), obvious: false })
    });
    known.collect()
}

/// Whether a constant is written as its value, not by a name.
fn is_literal(sources: &Sources, expr: &Expr) -> bool {
    let (file, span) = place(expr.span);
    let text = sources.text(file, span);
    if let (Type::Enum(_), Node::Const { value }) = (expr.ty.required(), &expr.node) {
        return value.as_str().is_some_and(|value| text.rsplit('.').next() == Some(value));
    }
    matches!(text, "true" | "false")
        || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '\'' | '-' | '.' | '['))
        || text.starts_with("duration(")
        || text.starts_with("timestamp(")
        || text.starts_with("r\"")
        || text.starts_with("r'")
}

fn is_zero(expr: &Expr) -> bool {
    matches!(constant(expr, &|_| true), Some(plan::Value::Float(float)) if float == 0.0)
}

fn contains(outer: plan::Span, inner: plan::Span) -> bool {
    outer.0 == inner.0 && outer.1 <= inner.1 && inner.2 <= outer.2
}

/// A plan's span as a place in the sources.
pub(super) fn place(span: plan::Span) -> (FileId, Span) {
    (FileId(span.0), Span::new(span.1, span.2))
}
