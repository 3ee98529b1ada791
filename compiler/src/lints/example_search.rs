//! Searches values of the reads for which conditions are true or false. The evaluator tests them, so an example is a proof.
//!
//! The search first tries the values of the analysis, then the constants of the conditions and their neighbours. It ends
//! after [`MOST_TRIES`], so there may be an example even if none is found.

use std::collections::BTreeMap;

use hookc_plan::{Context, Expr, Name, Node, Program, Slot, TimePart, Timestamp, Type, TypeDef, Value, Zone};

use super::subject::{Subject, read_of};
use super::truth::State;
use super::value_set::{Domain, ValueSet, value_at};

/// The maximum number of combinations.
const MOST_TRIES: usize = 500;
/// The maximum number of values for one read.
const MOST_VALUES: usize = 24;
/// The maximum length of a generated text or list.
const LONGEST: i128 = 10_000;

/// The types of a plan.
pub(super) type Types<'t> = &'t BTreeMap<Name, TypeDef>;

/// The values of reads, by the path or name of the read.
pub(super) type Values = BTreeMap<String, Value>;

/// Values for which each condition has the wanted result. With `all`, every read has a value. Otherwise only the reads in the
/// state have one, because the result depends only on them.
pub(super) fn example(wanted: &[(&Expr, bool)], states: &[State<'_>], types: Types<'_>, all: bool) -> Option<Values> {
    let reads = reads(wanted);
    let constants = constants(wanted);
    let programs: Vec<(Program, bool)> =
        wanted.iter().map(|(expr, value)| (Program::with_types(expr, types), *value)).collect();
    let mut tries = MOST_TRIES;
    for state in states {
        let choices: Option<Vec<CandidateValues>> =
            reads.iter().map(|read| choice(read, state, &constants, types)).collect();
        let Some(found) = search(&choices?, &programs, &mut tries) else { continue };
        let known =
            |name: &str| state.iter().any(|known| root(known.subject.read()).is_some_and(|of| name_of(of) == name));
        return Some(found.into_iter().filter(|(name, _)| all || known(name)).collect());
    }
    None
}

/// A read and the values to try.
struct CandidateValues {
    name: String,
    slot: Slot,
    values: Vec<Value>,
}

/// Tries combinations, the first values first; the last read varies fastest.
fn search(choices: &[CandidateValues], programs: &[(Program, bool)], tries: &mut usize) -> Option<Values> {
    let mut at = vec![0; choices.len()];
    while *tries > 0 {
        *tries -= 1;
        let tried = TriedValues(
            choices.iter().zip(&at).filter_map(|(choice, at)| Some((choice, choice.values.get(*at)?))).collect(),
        );
        let fits = |(program, value): &(Program, bool)| program.run_with(&tried) == Ok(Value::Bool(*value));
        if programs.iter().all(fits) {
            let values = tried.0.iter().map(|(choice, value)| (choice.name.clone(), (*value).clone()));
            return Some(values.collect());
        }
        let next = choices.iter().zip(&mut at).rev().find_map(|(choice, at)| {
            *at += 1;
            let goes_on = *at < choice.values.len();
            if !goes_on {
                *at = 0;
            }
            goes_on.then_some(())
        });
        next?;
    }
    None
}

struct TriedValues<'c>(Vec<(&'c CandidateValues, &'c Value)>);

impl Context for TriedValues<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        self.0.iter().find(|(choice, _)| choice.slot == *slot).map(|(_, value)| (*value).clone())
    }
}

/// The reads of the conditions, each once: of the context, and of variables that no macro binds.
fn reads<'e>(conditions: &[(&'e Expr, bool)]) -> Vec<&'e Expr> {
    let mut reads: Vec<&Expr> = Vec::new();
    for (condition, _) in conditions {
        let slots = Program::new(condition);
        condition.walk(&mut |expr| {
            let is_read = slot_of(expr).is_some_and(|slot| slots.slots().contains(&slot));
            if is_read && !reads.iter().any(|read| slot_of(read) == slot_of(expr)) {
                reads.push(expr);
            }
        });
    }
    reads
}

fn slot_of(expr: &Expr) -> Option<Slot> {
    match &expr.node {
        Node::Ctx { path } => Some(Slot::Ctx(path.clone())),
        Node::Local { name } => Some(Slot::Local(name.clone())),
        _ => None,
    }
}

/// `outputs.loss`, `limit`
fn name_of(read: &Expr) -> String {
    match &read.node {
        Node::Ctx { path } => path.to_string(),
        Node::Local { name } => name.to_string(),
        _ => String::new(),
    }
}

/// The read of the context or of a variable that contains a field.
fn root(read: &Expr) -> Option<&Expr> {
    match &read.node {
        Node::Field { of, .. } => root(read_of(of)?.0),
        _ => Some(read),
    }
}

/// The constants of the conditions, and the neighbours of numbers and texts.
fn constants(conditions: &[(&Expr, bool)]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for (condition, _) in conditions {
        condition.walk(&mut |expr| {
            let value = super::comparison::constant(expr, &|_| true);
            found.extend(value.into_iter().flat_map(|value| around(&value)));
            match &expr.node {
                Node::Matches { pattern, .. } => found.push(Value::text(pattern.trim_matches(['^', '$']))),
                Node::ParseDuration { .. } | Node::ParseTimestamp { .. } => {
                    let parsed = Program::new(expr).run(&[]);
                    found.extend(parsed.into_iter().flat_map(|value| around(&value)));
                }
                _ => {}
            }
        });
    }
    found
}

fn around(value: &Value) -> Vec<Value> {
    let mut values = vec![value.clone()];
    match value {
        Value::Int(int) => values.extend([-1, 1].into_iter().filter_map(|by| int.checked_add(by)).map(Value::Int)),
        Value::Duration(nanos) => {
            values.extend([-1, 1].into_iter().filter_map(|by| nanos.checked_add(by)).map(Value::Duration));
        }
        Value::Timestamp(time) => {
            values.extend([-1, 1].into_iter().filter_map(|by| time.plus(by)).map(Value::Timestamp))
        }
        Value::Float(float) => values.extend([Value::Float(float - 1.0), Value::Float(float + 1.0)]),
        Value::Str(text) => values.extend([Value::text(format!("{text}x")), Value::text(format!("x{text}"))]),
        _ => {}
    }
    values
}

/// The values to try for a read.
fn choice(read: &Expr, state: &State<'_>, constants: &[Value], types: Types<'_>) -> Option<CandidateValues> {
    let own = |known: &&super::truth::KnownSubject<'_>| {
        root(known.subject.read()).is_some_and(|of| slot_of(of) == slot_of(read))
    };
    let mut values: Vec<Value> = Vec::new();
    let base = default(read.ty.required(), types)?;
    let mut made = Some(base.clone());
    for known in state.iter().filter(own) {
        made = made.and_then(|made| with(made, known.subject, &known.domain, types));
    }
    values.extend(made);
    for known in
        state.iter().filter(own).filter(|known| matches!(known.subject, Subject::Read(of) if slot_of(of).is_some()))
    {
        values.extend(edges(read.ty.required(), &known.domain));
    }
    values.push(base);
    values.extend(constants.iter().filter(|value| is_of(value, read.ty.required())).cloned());
    if *read.ty.required() == Type::Bool {
        values.extend([Value::Bool(true), Value::Bool(false)]);
    }
    if let Type::Enum(name) = read.ty.required()
        && let Some(TypeDef::Enum(of)) = types.get(name)
    {
        values.extend(of.iter().map(|value| Value::Enum(value.clone())));
    }
    if let Type::List(of) = read.ty.required() {
        let items = constants.iter().filter(|value| is_of(value, of));
        values.extend(items.map(|item| Value::list([item.clone()])));
    }
    values.extend(small(read.ty.required()));
    if matches!(read.ty, Type::Optional(_)) {
        values.push(Value::Null);
    }
    let mut once: Vec<Value> = Vec::new();
    values.into_iter().for_each(|value| {
        if !once.contains(&value) {
            once.push(value)
        }
    });
    once.truncate(MOST_VALUES);
    Some(CandidateValues { name: name_of(read), slot: slot_of(read)?, values: once })
}

/// Other small values of a type, in case the conditions contain no useful one.
fn small(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Int => vec![Value::Int(1), Value::Int(-1), Value::Int(2)],
        Type::Float => vec![Value::Float(1.0), Value::Float(-1.0)],
        Type::String | Type::Path | Type::Uri => vec![Value::text("a"), Value::text("b")],
        Type::List(of) => small(of).into_iter().map(|item| Value::list([item])).collect(),
        _ => Vec::new(),
    }
}

/// Whether a constant is of a type that has constants of its own.
fn is_of(value: &Value, ty: &Type) -> bool {
    matches!(
        (value, ty),
        (Value::Int(_), Type::Int)
            | (Value::Float(_), Type::Float)
            | (Value::Str(_), Type::String | Type::Path | Type::Uri)
            | (Value::Duration(_), Type::Duration)
            | (Value::Timestamp(_), Type::Timestamp)
            | (Value::Enum(_), Type::Enum(_))
    )
}

/// Any value of a type; `None` for secrets, which conditions cannot read.
fn default(ty: &Type, types: Types<'_>) -> Option<Value> {
    Some(match ty {
        Type::Bool => Value::Bool(true),
        Type::Int => Value::Int(0),
        Type::Float => Value::Float(0.0),
        Type::String | Type::Path | Type::Uri => Value::text(""),
        Type::Duration => Value::Duration(0),
        Type::Timestamp => Value::Timestamp(Timestamp::parse("2000-01-01T00:00:00Z").ok()?),
        Type::List(_) => Value::list([]),
        Type::Map(_) => Value::map([]),
        Type::Optional(_) | Type::Null | Type::Json => Value::Null,
        Type::Enum(name) => match types.get(name)? {
            TypeDef::Enum(values) => Value::Enum(values.first()?.clone()),
            TypeDef::Record(_) => return None,
        },
        Type::Record(name) => match types.get(name)? {
            TypeDef::Record(fields) => {
                let of = |field: &hookc_plan::Field| Some((field.name.clone(), default(&field.ty, types)?));
                Value::record(fields.iter().map(of).collect::<Option<Vec<_>>>()?)
            }
            TypeDef::Enum(_) => return None,
        },
        Type::Secret => return None,
    })
}

/// The value with a subject in a domain.
fn with(value: Value, subject: Subject<'_>, domain: &Domain, types: Types<'_>) -> Option<Value> {
    let read = subject.read();
    if let Node::Field { of, name } = &read.node {
        let (outer, _) = read_of(of)?;
        let inner = part(&value, outer)?;
        let Value::Record(fields) = inner else { return None };
        let own = fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())?;
        let own = if own.is_null() { default(read.ty.required(), types)? } else { own };
        let own = put(own, subject, domain, types)?;
        let fields = fields.iter().map(|(field, old)| {
            let value = if field == name { own.clone() } else { old.clone() };
            (field.clone(), value)
        });
        return replaced(&value, outer, Value::record(fields));
    }
    put(value, subject, domain, types)
}

/// The value of a read, from the value of its root.
fn part(value: &Value, read: &Expr) -> Option<Value> {
    match &read.node {
        Node::Field { of, name } => {
            let Value::Record(fields) = part(value, read_of(of)?.0)? else { return None };
            fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
        }
        _ => Some(value.clone()),
    }
}

/// The value of a root with another value where `read` reads.
fn replaced(value: &Value, read: &Expr, by: Value) -> Option<Value> {
    let Node::Field { of, name } = &read.node else { return Some(by) };
    let (outer, _) = read_of(of)?;
    let Value::Record(fields) = part(value, outer)? else { return None };
    let fields = fields.iter().map(|(field, old)| {
        let value = if field == name { by.clone() } else { old.clone() };
        (field.clone(), value)
    });
    replaced(value, outer, Value::record(fields))
}

/// A value in a domain if the subject is a read, or else a value with a size or part in the domain.
fn put(value: Value, subject: Subject<'_>, domain: &Domain, types: Types<'_>) -> Option<Value> {
    match subject {
        Subject::Read(read) => some_value(read.ty.required(), domain),
        Subject::Size(read) => sized(read.ty.required(), place(domain)?, types),
        Subject::Part(part, _) => moved(value, part, place(domain)?),
    }
}

/// The simplest place of a domain.
fn place(domain: &Domain) -> Option<i128> {
    match &domain.set {
        ValueSet::Ranges(ranges) => simplest(ranges),
        _ => None,
    }
}

/// The simplest value of a domain.
fn some_value(ty: &Type, domain: &Domain) -> Option<Value> {
    match &domain.set {
        ValueSet::Bool(true, _) => Some(Value::Bool(true)),
        ValueSet::Bool(_, true) => Some(Value::Bool(false)),
        ValueSet::Ranges(ranges) if !ranges.is_empty() => value_at(ty, simplest(ranges)?),
        ValueSet::Texts { all_but: false, of } if !of.is_empty() => of.first().map(|text| text_value(ty, text)),
        ValueSet::Texts { all_but: true, of } => {
            let fresh = (0..).map(|n| Name::from(format!("x{n}"))).find(|text| !of.contains(text));
            fresh.map(|text| text_value(ty, &text))
        }
        _ if domain.null => Some(Value::Null),
        _ => None,
    }
}

/// The first and last values of a domain.
fn edges(ty: &Type, domain: &Domain) -> Vec<Value> {
    match &domain.set {
        ValueSet::Ranges(ranges) => {
            ranges.iter().flat_map(|(low, high)| [*low, *high]).filter_map(|at| value_at(ty, at)).collect()
        }
        ValueSet::Texts { all_but: false, of } => of.iter().map(|text| text_value(ty, text)).collect(),
        _ => Vec::new(),
    }
}

fn text_value(ty: &Type, text: &Name) -> Value {
    match ty {
        Type::Enum(_) => Value::Enum(text.clone()),
        _ => Value::Str(text.clone()),
    }
}

/// A text, list or map of a size.
fn sized(ty: &Type, size: i128, types: Types<'_>) -> Option<Value> {
    let size = usize::try_from(size).ok().filter(|_| size <= LONGEST)?;
    Some(match ty {
        Type::List(of) => Value::list(std::iter::repeat_n(default(of, types)?, size)),
        Type::Map(of) => {
            let value = default(of, types)?;
            Value::map((0..size).map(|n| (Name::from(format!("k{n}")), value.clone())))
        }
        _ => Value::text("x".repeat(size)),
    })
}

/// The time, moved forward until one of its parts has the wanted value.
fn moved(value: Value, part: TimePart, wanted: i128) -> Option<Value> {
    let Value::Timestamp(time) = value else { return None };
    let is_there = |time: &Timestamp| i128::from(time.part(part, &Zone::UTC)) == wanted;
    if part == TimePart::FullYear {
        let rest = time.to_string();
        let time = format!("{wanted:04}{}", rest.get(4..)?);
        return Timestamp::parse(&time).ok().map(Value::Timestamp);
    }
    let (step, most): (i64, usize) = match part {
        TimePart::Milliseconds => (1_000_000, 1_000),
        TimePart::Seconds => (1_000_000_000, 60),
        TimePart::Minutes => (60_000_000_000, 60),
        TimePart::Hours => (3_600_000_000_000, 24),
        _ => (86_400_000_000_000, 366),
    };
    let times = std::iter::successors(Some(time), |time| time.plus(step));
    times.take(most + 1).find(is_there).map(Value::Timestamp)
}

/// The place nearest to zero.
fn simplest(ranges: &[(i128, i128)]) -> Option<i128> {
    ranges.iter().map(|(low, high)| 0.clamp(*low, *high)).min_by_key(|place| (place.unsigned_abs(), *place < 0))
}
