//! Random programs: components, jobs, ops that read each other, hooks on every event.
//!
//! Every expression is written twice: boldly, as if all that it reads were there, and carefully, as if all that may be
//! missing were; and once more as nearly nothing. The bold form stays wherever the checker accepts it, which is where a
//! hole would show.

use std::ops::Range;

use crate::generator::rng::Rng;
use crate::generator::types::{self, POINT, PREVIOUS, SIMPLE, TIER, Ty};
use crate::generator::{Gen, Variable, with_fields};

/// The most rules in an expression, one in another.
const DEPTH: usize = 3;

/// A part of a program's text.
enum Piece {
    Text(String),
    /// An expression, in its three forms.
    Site([String; 3]),
}

/// A random program.
pub(crate) struct Program {
    pieces: Vec<Piece>,
    /// The form in which each expression is written.
    forms: Vec<usize>,
}

impl Program {
    /// Its text, and where its expressions stand in it.
    pub(crate) fn text(&self) -> (String, Vec<Range<usize>>) {
        let (mut text, mut sites) = (String::new(), Vec::new());
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Site(forms) => {
                    let start = text.len();
                    text.push_str(&forms[self.forms[sites.len()]]);
                    sites.push(start..text.len());
                }
            }
        }
        (text, sites)
    }

    /// Its text with another expression at one place.
    pub(crate) fn text_with(&self, site: usize, expression: &str) -> String {
        let (text, sites) = self.text();
        let place = &sites[site];
        [&text[..place.start], expression, &text[place.end..]].concat()
    }

    /// Writes one expression more carefully; `false` where that is not possible.
    pub(crate) fn make_careful(&mut self, site: usize) -> bool {
        let form = &mut self.forms[site];
        let possible = *form < 2;
        *form += usize::from(possible);
        possible
    }
}

/// Something an op can run.
#[derive(Clone)]
struct Signature {
    name: String,
    inputs: Vec<(String, Ty)>,
    outputs: Vec<(String, Ty)>,
}

/// An op that was written.
#[derive(Clone)]
struct Op {
    name: String,
    /// As other ops read them.
    outputs: Vec<(String, Ty)>,
}

/// What is in scope, as if it were there, and as if it might not be.
#[derive(Clone, Default)]
struct Scope {
    bold: Vec<Variable>,
    careful: Vec<Variable>,
}

impl Scope {
    fn sure(&mut self, text: &str, ty: Ty) {
        self.bold.push(Variable::new(text, ty));
        self.careful.push(Variable::new(text, ty));
    }

    fn unsure(&mut self, text: &str, ty: Ty) {
        self.bold.push(Variable::new(text, ty));
        self.careful.push(Variable::new(text, optional(ty)));
    }
}

fn optional(ty: Ty) -> Ty {
    match ty {
        Ty::Optional(_) => ty,
        ty => Ty::Optional(Box::leak(Box::new(ty))),
    }
}

/// The types of inputs and outputs.
static TYPES: [Ty; 14] = [
    Ty::Int,
    Ty::Float,
    Ty::Text,
    Ty::Bool,
    Ty::Duration,
    Ty::Timestamp,
    Ty::Enum(&TIER),
    Ty::List(&Ty::Int),
    Ty::List(&Ty::Text),
    Ty::Map(&Ty::Int),
    Ty::Record(&POINT),
    Ty::Optional(&Ty::Int),
    Ty::Optional(&Ty::Text),
    Ty::Optional(&Ty::Float),
];

const OP_EVENTS: &[&str] = &[
    "succeeded",
    "failed",
    "stopped",
    "skipped",
    "upstream_failed",
    "done",
    "retrying",
    "overdue(1h)",
    "start",
    "end",
    "failed, stopped",
    "succeeded, failed",
    "retrying, failed",
    "skipped, failed",
    "overdue(5m), failed",
    "succeeded, skipped",
];
const JOB_EVENTS: &[&str] = &["start", "succeeded", "failed", "stopped", "done", "overdue(1h)", "failed, stopped"];

/// Writes one program.
struct Writer<'r> {
    rng: &'r mut Rng,
    pieces: Vec<Piece>,
    sites: usize,
}

/// A program for a seed.
pub(crate) fn program(rng: &mut Rng) -> Program {
    let mut writer = Writer { rng, pieces: Vec::new(), sites: 0 };
    writer.declarations();
    let mut known: Vec<Signature> = (0..3).map(|number| writer.component(&format!("c{number}"))).collect();
    if writer.rng.chance(40) {
        let inner = writer.job("inner", &known);
        known.push(inner);
    }
    writer.job("main", &known);
    Program { forms: vec![0; writer.sites], pieces: writer.pieces }
}

impl Writer<'_> {
    fn w(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    fn declarations(&mut self) {
        self.w(&types::declarations());
        self.w("component tell(text: string, n: int = 0, maybe: float?) -> (ok: bool) { exec [\"tell\"] }\n");
    }

    fn fields(&mut self, stem: &str, most: usize) -> Vec<(String, Ty)> {
        let count = 1 + self.rng.below(most);
        (0..count).map(|number| (format!("{stem}{number}"), self.rng.pick(&TYPES))).collect()
    }

    fn component(&mut self, name: &str) -> Signature {
        let signature = Signature { name: name.to_owned(), inputs: self.fields("p", 3), outputs: self.fields("o", 3) };
        let (inputs, outputs) = (listed(&signature.inputs), listed(&signature.outputs));
        self.w(&format!("component {name}({inputs}, link: string = \"\") -> ({outputs}) {{ exec [\"c\"] }}\n"));
        signature
    }

    /// An expression of a type.
    fn site(&mut self, scope: &Scope, ty: Ty) {
        let depth = self.rng.below(DEPTH + 1);
        let bold = self.expression(scope.bold.clone(), ty, depth);
        let careful = self.expression(scope.careful.clone(), ty, depth);
        let plain = self.expression(Vec::new(), ty, 0);
        self.pieces.push(Piece::Site([bold, careful, plain]));
        self.sites += 1;
    }

    fn expression(&mut self, scope: Vec<Variable>, ty: Ty, depth: usize) -> String {
        let mut generator = Gen::new(self.rng, with_fields(scope));
        generator.no_parsing = true;
        generator.declared = true;
        match ty {
            Ty::Optional(of) if generator.rng.chance(40) => generator.tree(*of, depth).ours(),
            Ty::Optional(of) if !generator.scope.iter().any(|variable| variable.ty == Ty::Optional(of)) => {
                "null".to_owned()
            }
            ty => generator.tree(ty, depth).ours(),
        }
    }

    fn job(&mut self, name: &str, known: &[Signature]) -> Signature {
        let signature = Signature { name: name.to_owned(), inputs: self.fields("a", 3), outputs: self.fields("y", 2) };
        let (inputs, outputs) = (listed(&signature.inputs), listed(&signature.outputs));
        self.w(&format!("job {name}({inputs}, link: string = \"\") -> ({outputs}) {{\n"));
        let mut scope = Scope::default();
        signature.inputs.iter().for_each(|(input, ty)| scope.sure(input, *ty));
        job_fields(&mut scope);
        let mut ops: Vec<Op> = Vec::new();
        for number in 0..2 + self.rng.below(3) {
            let op = self.op(&format!("{name}_{number}"), known, &ops, &scope);
            ops.push(op);
        }
        self.each_op();
        self.outputs(&signature, &ops, &scope);
        for _ in 0..1 + self.rng.below(3) {
            self.job_hook(&signature, &ops);
        }
        self.w("}\n");
        signature
    }

    fn outputs(&mut self, signature: &Signature, ops: &[Op], scope: &Scope) {
        let mut scope = scope.clone();
        ops.iter().for_each(|op| read_op(&mut scope, op));
        self.w("  outputs (");
        for (name, ty) in &signature.outputs {
            self.w(&format!("{name}: "));
            self.site(&scope, *ty);
            self.w(", ");
        }
        self.w(")\n");
    }

    /// An op, what it waits for, and its hooks.
    fn op(&mut self, name: &str, known: &[Signature], before: &[Op], scope: &Scope) -> Op {
        let runs = known[self.rng.below(known.len())].clone();
        let waits: Vec<Op> = before.iter().filter(|_| self.rng.chance(60)).cloned().collect();
        let mut scope = scope.clone();
        waits.iter().for_each(|op| read_op(&mut scope, op));
        let outer = scope.clone();
        let fans = self.rng.chance(20);
        if fans {
            scope.sure("x", Ty::Int);
        }
        self.w(&format!("  op {name} = {}(", runs.name));
        for (input, ty) in &runs.inputs {
            self.w(&format!("{input}: "));
            self.site(&scope, *ty);
            self.w(", ");
        }
        // A status is a guarded read: the op waits for all of these, whatever else it reads.
        let statuses: Vec<String> = waits.iter().map(|op| format!("${{status({})}}", op.name)).collect();
        self.w(&format!("link: \"{}\")", statuses.join(" ")));
        if fans {
            self.w(" for x in ");
            self.site(&outer, Ty::List(&Ty::Int));
        }
        self.when_and_after(&outer, &waits);
        self.w(" {\n");
        self.settings(&runs, &waits, fans);
        for _ in 0..self.rng.below(4) {
            let events = self.rng.pick(OP_EVENTS);
            let context = hook_context(&runs, &waits, fans, events);
            self.w("    ");
            self.hook(&context, events);
        }
        self.w("  }\n");
        let seen = |ty: Ty| if fans { Ty::List(Box::leak(Box::new(ty))) } else { ty };
        Op {
            name: name.to_owned(),
            outputs: runs.outputs.iter().map(|(output, ty)| (output.clone(), seen(*ty))).collect(),
        }
    }

    fn when_and_after(&mut self, scope: &Scope, waits: &[Op]) {
        if self.rng.chance(35) {
            self.w(" when ");
            if let Some(op) = waits.last().filter(|_| self.rng.chance(50)) {
                self.w(&format!("{}.{} != null && ", op.name, op.outputs[0].0));
            }
            self.site(scope, Ty::Bool);
        }
        if let Some(op) = waits.first().filter(|_| self.rng.chance(30)) {
            let state = self.rng.pick(&["", " failed", " done", " skipped", " upstream_failed"]);
            self.w(&format!(" after {}{state}", op.name));
        }
    }

    fn settings(&mut self, runs: &Signature, waits: &[Op], fans: bool) {
        if self.rng.chance(30) {
            self.w("    retry 2 when ");
            let context = hook_context(runs, waits, fans, "retrying");
            self.site(&context, Ty::Bool);
            self.w("\n");
        }
        if self.rng.chance(15) && !fans {
            self.w("    allow failure\n");
        }
    }

    fn each_op(&mut self) {
        if self.rng.chance(40) {
            let events = self.rng.pick(OP_EVENTS);
            let mut scope = Scope::default();
            op_fields(&mut scope, events);
            job_fields(&mut scope);
            self.w("  each op {\n    ");
            self.hook(&scope, events);
            self.w("  }\n");
        }
        if self.rng.chance(30) {
            let (events, ty) = (self.rng.pick(OP_EVENTS), self.rng.pick(&TYPES));
            let mut scope = Scope::default();
            if has_outputs(events) {
                scope.unsure("outputs.o0", ty);
            }
            op_fields(&mut scope, events);
            self.w(&format!("  each op -> (o0: {ty}) {{\n    "));
            self.hook(&scope, events);
            self.w("  }\n");
        }
    }

    fn job_hook(&mut self, signature: &Signature, ops: &[Op]) {
        let events = self.rng.pick(JOB_EVENTS);
        let is_final = !events.contains("start") && !events.contains("overdue");
        let mut scope = Scope::default();
        signature.inputs.iter().for_each(|(input, ty)| scope.sure(&format!("inputs.{input}"), *ty));
        job_fields(&mut scope);
        if is_final {
            ops.iter().for_each(|op| read_op(&mut scope, op));
            scope.sure("string(job.status)", Ty::Text);
            scope.sure("size(job.failed_ops)", Ty::Int);
            scope.sure("job.finished_at", Ty::Timestamp);
            scope.sure("job.duration", Ty::Duration);
            if events.contains("failed") || events.contains("stopped") || events.contains("done") {
                scope.unsure("job.error_message", Ty::Text);
            }
        }
        self.w("  ");
        self.hook(&scope, events);
    }

    fn hook(&mut self, scope: &Scope, events: &str) {
        self.w(&format!("on {events}"));
        if self.rng.chance(70) {
            self.w(" when ");
            self.site(scope, Ty::Bool);
        }
        if events == "start" || events == "end" {
            let verb = self.rng.pick(&["fail", "warn", "run", "require"]);
            self.w(&format!(" {verb} "));
            if matches!(verb, "fail" | "warn") {
                self.site(scope, Ty::Text);
                self.w("\n");
                return;
            }
        } else {
            self.w(" run ");
        }
        self.w("tell(text: ");
        self.site(scope, Ty::Text);
        self.w(", n: ");
        self.site(scope, Ty::Int);
        self.w(", maybe: ");
        self.site(scope, Ty::Optional(&Ty::Float));
        self.w(")\n");
    }
}

fn listed(fields: &[(String, Ty)]) -> String {
    fields.iter().map(|(name, ty)| format!("{name}: {ty}")).collect::<Vec<_>>().join(", ")
}

/// The outputs and the state of another op.
fn read_op(scope: &mut Scope, op: &Op) {
    for (output, ty) in &op.outputs {
        scope.unsure(&format!("{}.{output}", op.name), *ty);
    }
    scope.sure(&format!("status({})", op.name), SIMPLE[6]);
}

/// What every expression of a job may read of it.
fn job_fields(scope: &mut Scope) {
    scope.sure("job.name", Ty::Text);
    scope.sure("job.profile", Ty::Optional(&Ty::Text));
    scope.sure("job.started_at", Ty::Timestamp);
    scope.sure("string(job.source)", Ty::Text);
    scope.sure("job.previous", optional(Ty::Record(&PREVIOUS)));
}

fn has_outputs(events: &str) -> bool {
    ["succeeded", "end", "failed", "stopped", "retrying", "overdue", "done"]
        .iter()
        .any(|event| events.split(", ").any(|word| word.starts_with(event)))
}

/// What exists of the op itself on some of these events.
fn op_fields(scope: &mut Scope, events: &str) {
    let on = |words: &[&str]| words.iter().any(|word| events.split(", ").any(|event| event.starts_with(word)));
    scope.sure("op.name", Ty::Text);
    scope.sure("op.attempt", Ty::Int);
    scope.sure("op.item", Ty::Optional(&Ty::Int));
    if on(&["failed", "retrying", "done"]) {
        scope.unsure("error.message", Ty::Text);
        scope.sure("error.exit_code", Ty::Optional(&Ty::Int));
        scope.sure("(error.kind == ErrorKind.timeout)", Ty::Bool);
    }
    if on(&["succeeded", "failed", "stopped", "retrying", "overdue", "end", "done"]) {
        scope.unsure("op.started_at", Ty::Timestamp);
    }
    if on(&["succeeded", "failed", "stopped", "skipped", "upstream_failed", "done"]) {
        scope.unsure("op.finished_at", Ty::Timestamp);
        scope.unsure("op.status", SIMPLE[6]);
    }
    if on(&["succeeded", "failed", "stopped", "done"]) {
        scope.unsure("op.duration", Ty::Duration);
    }
}

/// The surroundings of a hook in an op's block.
fn hook_context(runs: &Signature, waits: &[Op], fans: bool, events: &str) -> Scope {
    let mut scope = Scope::default();
    let begins = events.split(", ").any(|event| event != "skipped" && event != "upstream_failed");
    if begins {
        runs.inputs.iter().for_each(|(input, ty)| scope.unsure(&format!("inputs.{input}"), *ty));
        if fans {
            scope.unsure("x", Ty::Int);
        }
    }
    if has_outputs(events) {
        runs.outputs.iter().for_each(|(output, ty)| scope.unsure(&format!("outputs.{output}"), *ty));
    }
    waits.iter().for_each(|op| read_op(&mut scope, op));
    op_fields(&mut scope, events);
    job_fields(&mut scope);
    scope
}
