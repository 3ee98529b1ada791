//! Where a condition is true and where it is false, as sets of states.
//!
//! A state gives the possible values of some reads. Several states mean "one of these". A part that is not understood may
//! be true or false. The states are never too few, so "no state is left" is a proof, and "some are left" is not. Operands
//! are analysed from left to right, as they are evaluated, each in the states in which it is reached.

use hookc_plan::{Expr, Node, Span, Type};

use super::comparison::{Comparison, Kind, Literal, constant_of, kind, subject_of};
use super::subject::Subject;
use super::value_set::{Domain, Enums, ValueSet};

/// What is known about one subject, and which expression established it.
#[derive(Clone, Debug)]
pub(super) struct KnownSubject<'e> {
    pub(super) subject: Subject<'e>,
    pub(super) domain: Domain,
    /// The expression that established it; `None` if the type or the place did.
    pub(super) because: Option<Span>,
    /// Whether a repeated test of it is only a precaution, which is not reported.
    pub(super) obvious: bool,
}

/// What is known about several subjects at the same time.
pub(super) type State<'e> = Vec<KnownSubject<'e>>;

/// A part that is always true or always false at its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DecidedPart {
    pub(super) span: Span,
    pub(super) value: bool,
    /// The expression that decides it; `None` if the part itself and its types decide it.
    pub(super) because: Option<Span>,
}

/// The maximum number of states that are distinguished.
const MOST_STATES: usize = 8;
/// The maximum number of subjects that are analysed without states.
const MOST_TERMS: usize = 16;
/// The maximum depth to which operators are followed.
const MOST_DEPTH: u32 = 200;

/// The inputs and results of one analysis.
pub(super) struct Truth<'e, 'c> {
    pub(super) enums: Enums<'c>,
    pub(super) literal: Literal<'c>,
    /// What is known from the start, before any condition.
    pub(super) given: &'c [KnownSubject<'e>],
    pub(super) decided: Vec<DecidedPart>,
    /// Whether every operand was understood. Then each state that is left is possible.
    pub(super) exact: bool,
    depth: u32,
    /// The depth of named conditions. The parts of a named condition are the same at every use, so they are not reported.
    quiet: bool,
}

/// The states where a condition is true, and where it is false.
pub(super) struct TruthSides<'e> {
    pub(super) yes: Vec<State<'e>>,
    pub(super) no: Vec<State<'e>>,
}

impl<'e, 'c> Truth<'e, 'c> {
    pub(super) fn new(enums: Enums<'c>, literal: Literal<'c>, given: &'c [KnownSubject<'e>]) -> Truth<'e, 'c> {
        Truth { enums, literal, given, decided: Vec::new(), exact: true, depth: 0, quiet: false }
    }

    /// Whether each comparison has a different subject and none is decided by itself. Then no part is decided. This is the usual
    /// case, and much cheaper than a split.
    pub(super) fn is_plain(&self, expr: &'e Expr, depth: u32, subjects: &mut Vec<Subject<'e>>) -> bool {
        if depth > MOST_DEPTH || !expr.via.is_empty() || subjects.len() > MOST_TERMS {
            return false;
        }
        match &expr.node {
            Node::Not { a } => self.is_plain(a, depth + 1, subjects),
            Node::And { a, b } | Node::Or { a, b } => {
                self.is_plain(a, depth + 1, subjects) && self.is_plain(b, depth + 1, subjects)
            }
            Node::Cond { .. } | Node::Const { .. } => false,
            _ if let Some(subject) = self.open(expr) => is_new(subjects, subject),
            _ => match kind(expr, self.literal) {
                Kind::Opaque => true,
                Kind::DecidedPart(_) | Kind::Reported(_) => false,
                Kind::Comparison(comparison) => {
                    if !is_new(subjects, comparison.subject) {
                        return false;
                    }
                    let first = self.first(comparison.subject);
                    let open = |side: &Domain| !first.domain.meet(side).is_empty();
                    (open(&comparison.no) || first.obvious) && open(&comparison.yes)
                }
            },
        }
    }

    /// The subject of a comparison with one constant that is certain to be possible both ways. It is found without sets.
    fn open(&self, expr: &'e Expr) -> Option<Subject<'e>> {
        let (a, b) = match &expr.node {
            Node::Eq { a, b, .. }
            | Node::Ne { a, b, .. }
            | Node::Lt { a, b, .. }
            | Node::Le { a, b, .. }
            | Node::Gt { a, b, .. }
            | Node::Ge { a, b, .. } => (a, b),
            _ => return None,
        };
        let (subject, value) = match (constant_of(a), constant_of(b)) {
            (None, Some(value)) => (subject_of(a)?, value),
            (Some(value), None) => (subject_of(b)?, value),
            _ => return None,
        };
        let given = self.given.iter().find(|given| given.subject.same(subject));
        let open = match (subject, given) {
            // A comparison with one of many values does not decide anything.
            (_, None) if subject.is_wide() => true,
            (
                Subject::Read(read),
                Some(KnownSubject {
                    domain: Domain { set: ValueSet::Texts { all_but: false, of }, .. },
                    obvious: true,
                    ..
                }),
            ) => matches!(read.ty, Type::Enum(_)) && of.iter().any(|text| Some(text.as_str()) == value.as_str()),
            (Subject::Size(_), None) => match &expr.node {
                Node::Gt { b, .. } if constant_of(b).is_some() => value.as_i64().is_some_and(|size| size >= 0),
                _ => false,
            },
            _ => false,
        };
        open.then_some(subject)
    }

    /// Splits the states in which `expr` is reached.
    pub(super) fn split(&mut self, expr: &'e Expr, states: Vec<State<'e>>) -> TruthSides<'e> {
        if states.is_empty() {
            return TruthSides { yes: Vec::new(), no: Vec::new() };
        }
        if self.depth >= MOST_DEPTH {
            return self.opaque(states);
        }
        self.depth += 1;
        let sides = match expr.via.first() {
            Some(via) if !self.quiet => {
                self.quiet = true;
                let sides = self.operator(expr, states);
                self.quiet = false;
                self.note(via.span, &sides, None);
                sides
            }
            _ => self.operator(expr, states),
        };
        self.depth -= 1;
        sides
    }

    fn operator(&mut self, expr: &'e Expr, states: Vec<State<'e>>) -> TruthSides<'e> {
        match &expr.node {
            Node::Not { a } => {
                let TruthSides { yes, no } = self.split(a, states);
                TruthSides { yes: no, no: yes }
            }
            Node::And { a, b } => {
                let first = self.split(a, states);
                let second = self.split(b, first.yes);
                TruthSides { yes: second.yes, no: self.union(first.no, second.no) }
            }
            Node::Or { a, b } => {
                let first = self.split(a, states);
                let second = self.split(b, first.no);
                TruthSides { yes: self.union(first.yes, second.yes), no: second.no }
            }
            Node::Cond { test, a, b } if expr.ty == Type::Bool => {
                let test = self.split(test, states);
                let (a, b) = (self.branch(a, test.yes), self.branch(b, test.no));
                TruthSides { yes: self.union(a.yes, b.yes), no: self.union(a.no, b.no) }
            }
            _ => match kind(expr, self.literal) {
                Kind::Comparison(comparison) => self.comparison(expr, &comparison, states),
                Kind::Reported(value) => decided(value, states),
                Kind::DecidedPart(value) => {
                    let sides = decided(value, states);
                    self.note(expr.span, &sides, None);
                    sides
                }
                Kind::Opaque => self.opaque(states),
            },
        }
    }

    /// A branch of `?:`. A literal `true` or `false` is normal there.
    fn branch(&mut self, expr: &'e Expr, states: Vec<State<'e>>) -> TruthSides<'e> {
        let quiet = self.quiet;
        self.quiet |= matches!(expr.node, Node::Const { .. });
        let sides = self.split(expr, states);
        self.quiet = quiet;
        sides
    }

    fn opaque(&mut self, states: Vec<State<'e>>) -> TruthSides<'e> {
        self.exact = false;
        TruthSides { yes: states.clone(), no: states }
    }

    fn comparison(&mut self, expr: &'e Expr, comparison: &Comparison<'e>, states: Vec<State<'e>>) -> TruthSides<'e> {
        self.exact &= matches!(comparison.subject, Subject::Read(_));
        let mut because = None;
        let mut obvious = false;
        let mut sides = TruthSides { yes: Vec::with_capacity(states.len()), no: Vec::with_capacity(states.len()) };
        for mut state in states {
            let index = self.known(&mut state, comparison);
            let Some(known) = state.get_mut(index) else { continue };
            because = known.because.or(because);
            obvious |= known.obvious;
            let (yes, no) = (known.domain.meet(&comparison.yes), known.domain.meet(&comparison.no));
            known.because = Some(expr.span);
            match (yes.is_empty(), no.is_empty()) {
                (true, true) => {}
                (false, true) => sides.yes.push(with(state, index, yes)),
                (true, false) => sides.no.push(with(state, index, no)),
                (false, false) => {
                    sides.no.push(with(state.clone(), index, no));
                    sides.yes.push(with(state, index, yes));
                }
            }
        }
        if !(obvious && sides.no.is_empty()) {
            self.note(expr.span, &sides, because);
        }
        sides
    }

    /// What the state knows about the comparison's subject. It is added first if it is missing.
    fn known(&self, state: &mut State<'e>, comparison: &Comparison<'e>) -> usize {
        let index = match state.iter().position(|known| known.subject.same(comparison.subject)) {
            Some(index) => index,
            None => {
                state.push(self.first(comparison.subject));
                state.len() - 1
            }
        };
        if comparison.narrowed
            && let Some(known) = state.get_mut(index)
        {
            known.domain.null = false;
        }
        index
    }

    fn first(&self, subject: Subject<'e>) -> KnownSubject<'e> {
        let mut domain = subject.domain(self.enums);
        let mut because = None;
        let mut obvious = false;
        for given in self.given.iter().filter(|given| given.subject.same(subject)) {
            domain = domain.meet(&given.domain);
            because = because.or(given.because);
            obvious |= given.obvious;
        }
        KnownSubject { subject, domain, because, obvious }
    }

    fn union(&mut self, mut a: Vec<State<'e>>, b: Vec<State<'e>>) -> Vec<State<'e>> {
        a.extend(b);
        if a.len() <= MOST_STATES {
            return a;
        }
        // Only what all of them say about a subject is kept.
        self.exact = false;
        let mut states = a.into_iter();
        let first = states.next().unwrap_or_default();
        vec![states.fold(first, |all, state| common(all, &state))]
    }

    fn note(&mut self, span: Span, sides: &TruthSides<'e>, because: Option<Span>) {
        if self.quiet || sides.yes.is_empty() == sides.no.is_empty() {
            return;
        }
        let value = sides.no.is_empty();
        self.decided.push(DecidedPart { span, value, because });
    }
}

/// Adds a subject, and returns whether it is new.
fn is_new<'e>(subjects: &mut Vec<Subject<'e>>, subject: Subject<'e>) -> bool {
    let is_new = !subjects.iter().any(|other| other.same(subject));
    subjects.push(subject);
    is_new
}

fn decided(value: bool, states: Vec<State<'_>>) -> TruthSides<'_> {
    let (yes, no) = if value { (states, Vec::new()) } else { (Vec::new(), states) };
    TruthSides { yes, no }
}

fn with<'e>(mut state: State<'e>, index: usize, domain: Domain) -> State<'e> {
    if let Some(known) = state.get_mut(index) {
        known.domain = domain;
    }
    state
}

/// What is true in both states.
fn common<'e>(mut all: State<'e>, other: &State<'e>) -> State<'e> {
    all.retain_mut(|known| {
        let Some(same) = other.iter().find(|same| same.subject.same(known.subject)) else {
            return false;
        };
        known.domain = known.domain.join(&same.domain);
        true
    });
    all
}
