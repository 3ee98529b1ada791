//! What is known about reads before a condition is analysed: the rules (`where`) of inputs and of record fields that
//! have been checked by then, and the final states that are possible on the events of a hook.

use std::rc::Rc;

use hookc_plan as plan;
use hookc_plan::{Expr, JobField, Node, OpField, OpState, Path, Type};

use super::comparison::Literal;
use super::subject::{Subject, same_read};
use super::truth::{KnownSubject, State, Truth};
use super::value_set::{Domain, Enums, ValueSet};
use crate::check::{Env, ExpressionChecker, Owner, Scope};
use crate::declare::Params;
use crate::place::Place;

/// A `where` rule of a value that a condition reads.
pub(super) struct Rule<'e> {
    /// The read in the condition.
    pub(super) read: &'e Expr,
    /// The read in the rule.
    own: Expr,
    pub(super) rule: Rc<Expr>,
}

impl<'p, 's> ExpressionChecker<'p, 's> {
    /// The values of an enum by the key of its type.
    pub(super) fn enum_values(&self, key: &str) -> Option<&'p [plan::Name]> {
        let mut defs = self.program.enums.iter();
        let found = defs.find(|def| self.is_key(key, &def.name, def.place));
        found.map(|def| def.values.as_slice())
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

    /// The rules of the inputs that are read, and of the record fields in them, if they are certain to be true.
    pub(super) fn rules<'e>(&mut self, scope: &Scope<'_, 's>, reads: &[&'e Expr]) -> Vec<Rule<'e>> {
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
            (Path::Input(name), Env::Component(inputs)) => (Owner::Component, inputs, name),
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

/// Whether rules or events give information about it.
pub(super) fn may_be_known(path: &Path) -> bool {
    matches!(path, Path::Input(_) | Path::JobInput(_) | Path::Op(OpField::Status) | Path::Job(JobField::Status))
}

/// Whether the rules of the input are certain to have been checked: a run or an op that does not satisfy them stops.
/// On `failed`, the rules may be the cause, and a hook of `each op` also applies to components with other rules.
fn is_checked(scope: &Scope<'_, '_>, path: &Path) -> bool {
    match (path, scope.env) {
        (Path::JobInput(_), Env::JobHook(context)) => context.job.is_some(),
        (Path::JobInput(_), Env::Job(..)) | (Path::Input(_), Env::Component(_)) => true,
        (Path::JobInput(_), Env::Op(context)) => context.job.is_some(),
        (Path::Input(_), Env::Op(context)) => {
            context.events.iter().all(|event| crate::check::event_facts(*event).attempted)
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

/// The final states that are possible on the events of a hook. Testing for one of them is harmless, and testing for another
/// is a mistake.
pub(super) fn states_of_event<'e>(env: Env<'_, '_>, reads: &[&'e Expr]) -> Vec<KnownSubject<'e>> {
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
    vec![KnownSubject {
        subject: Subject::Read(read),
        domain: Domain { null: true, set: ValueSet::Texts { all_but: false, of } },
        because: None,
        obvious: true,
    }]
}

/// What a rule says about the read alone.
pub(super) fn known_by<'e, 'c>(rule: &'c Rule<'e>, enums: Enums<'c>, literal: Literal<'c>) -> Vec<KnownSubject<'e>> {
    let mut split = Truth::new(enums, literal, &[]);
    let states = split.split(&rule.rule, vec![State::new()]).yes;
    let Some((first, rest)) = states.split_first() else {
        return Vec::new();
    };
    let own = first.iter().filter(|known| same_read(known.subject.read(), &rule.own));
    let known = own.filter_map(|known| {
        let mut joined = rest.iter().try_fold(known.domain.clone(), |all, state| {
            let same = state.iter().find(|other| other.subject.same(known.subject))?;
            Some(all.join(&same.domain))
        })?;
        // The rule says nothing about an input that may be missing on this event.
        let optional = |read: &Expr| matches!(read.ty, Type::Optional(_));
        joined.null |= optional(rule.read) && !optional(known.subject.read());
        Some(KnownSubject {
            subject: known.subject.of(rule.read),
            domain: joined,
            because: Some(rule.rule.span),
            obvious: false,
        })
    });
    known.collect()
}
