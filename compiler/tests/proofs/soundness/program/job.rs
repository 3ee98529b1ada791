//! Jobs: ops, what they wait for, `each op`, outputs.

use super::declare::TYPES;
use super::hook::OP_EVENTS;
use super::scope::{Op, Scope, job_fields, kept, op_fields, own_op, read_op};
use super::{Field, Signature, Writer, listed};
use crate::generator::types::Ty;

/// What fan-outs go over.
static LISTS: [Ty; 3] = [Ty::List(&Ty::Int), Ty::List(&Ty::Text), crate::generator::types::POINTS[0]];

impl Writer<'_> {
    pub(super) fn job(&mut self, name: &str) -> Signature {
        if name == "main" && self.has.triggers {
            self.w("job first() {\n  op only = tell(text: \"x\")\n}\n");
        }
        self.w(&format!("job {name}("));
        let inputs = self.inputs("a", 3);
        let list = inputs.len();
        // A list that surely has items.
        self.w(&format!("a{list}: list<int> = [1] where size(a{list}) > 0, "));
        let full = Field { name: format!("a{list}"), ty: LISTS[0], default: true };
        let inputs: Vec<Field> = inputs.into_iter().chain([full]).collect();
        let outputs = (0..1 + self.rng.below(2))
            .map(|number| Field { name: format!("y{number}"), ty: self.rng.pick(&TYPES), default: false })
            .collect();
        let signature = Signature { name: name.to_owned(), inputs, outputs, ..Signature::default() };
        self.w(&format!("link: string = \"\") -> ({}) {{\n", listed(&signature.outputs)));
        if name == "main" && self.has.triggers {
            self.triggers(&signature.inputs);
        }
        self.body(&signature);
        self.w("}\n");
        signature
    }

    fn body(&mut self, signature: &Signature) {
        let mut scope = Scope::default();
        self.read_connection(&mut scope);
        scope.fields("", &signature.inputs, true);
        job_fields(&mut scope);
        let mut ops: Vec<Op> = Vec::new();
        for number in 0..1 + self.rng.below(4) {
            let op = self.op(&format!("{}_{number}", signature.name), &ops, &scope);
            ops.push(op);
        }
        self.each_op();
        let mut scope = scope.clone();
        ops.iter().for_each(|op| read_op(&mut scope, op));
        self.w("  outputs (");
        self.arguments(&scope, &signature.outputs);
        self.w(")\n");
        for _ in 0..self.rng.below(3) {
            self.job_hook(&signature.inputs, &ops);
        }
    }

    /// An op, what it waits for, and its hooks.
    fn op(&mut self, name: &str, before: &[Op], scope: &Scope) -> Op {
        let runs = self.known[self.rng.below(self.known.len())].clone();
        let waits: Vec<Op> = before.iter().filter(|_| self.rng.chance(60)).cloned().collect();
        let mut scope = scope.clone();
        waits.iter().for_each(|op| read_op(&mut scope, op));
        let outer = scope.clone();
        let over =
            self.rng.chance(25).then(|| self.rng.pick(&LISTS)).and_then(|list| Some((list, plainest(&scope, list)?)));
        let fan = over.as_ref().map(|(list, _)| if let Ty::List(item) = list { **item } else { *list });
        if let Some(item) = fan {
            scope.sure("x", item);
        }
        self.w(&format!("  op {name} = {}(", runs.name));
        self.arguments(&scope, &runs.inputs);
        // A status is a guarded read: the op waits for all of these, whatever else it reads.
        let statuses: Vec<String> = waits.iter().map(|op| format!("${{status({})}}", op.name)).collect();
        self.w(&format!("link: \"{}\")", statuses.join(" ")));
        let fans = over.is_some();
        if let Some((list, plain)) = over {
            self.w(" for x in ");
            self.site_or(&outer, list, plain);
        }
        self.when_and_after(&outer, &waits);
        self.w(" {\n");
        self.settings(&runs, &waits, fan);
        self.op_hooks(&runs, &waits, fan);
        self.w("  }\n");
        let seen = |ty: Ty| if fans { Ty::List(kept(ty)) } else { ty };
        let outputs = runs.outputs.iter().map(|field| Field { ty: seen(field.ty), ..field.clone() }).collect();
        Op { name: name.to_owned(), outputs }
    }

    fn when_and_after(&mut self, scope: &Scope, waits: &[Op]) {
        if self.rng.chance(35) {
            self.w(" when ");
            if let Some(op) = waits.last().filter(|_| self.rng.chance(50)) {
                self.w(&format!("{}.{} != null && ", op.name, op.outputs[0].name));
            }
            self.site(scope, Ty::Bool);
        }
        match waits {
            [first, second, ..] if self.rng.chance(20) => {
                let state = self.rng.pick(&["succeeded", "failed", "skipped", "done"]);
                self.w(&format!(" after any {}, {} {state}", first.name, second.name));
            }
            [first, ..] if self.rng.chance(30) => {
                let state = self.rng.pick(&["", " failed", " done", " skipped", " upstream_failed"]);
                self.w(&format!(" after {}{state}", first.name));
            }
            [_, ..] if self.rng.chance(5) => self.w(" after each op done"),
            _ => {}
        }
    }

    fn settings(&mut self, runs: &Signature, waits: &[Op], fan: Option<Ty>) {
        if self.rng.chance(30) {
            self.w("    retry 2 when ");
            let context = self.hook_context(runs, waits, fan, "retrying");
            self.site(&context, Ty::Bool);
            self.w("\n");
        }
        if self.rng.chance(15) {
            self.w("    allow failure\n");
        }
    }

    fn each_op(&mut self) {
        if self.rng.chance(30) {
            let events = self.rng.pick(OP_EVENTS);
            let mut scope = Scope::default();
            op_fields(&mut scope, events);
            job_fields(&mut scope);
            self.read_connection(&mut scope);
            self.w("  each op {\n    ");
            self.hook(&scope, events, &Signature::default());
            self.w("  }\n");
        }
        if self.rng.chance(30) {
            let (events, ty) = (self.rng.pick(OP_EVENTS), self.rng.pick(&TYPES));
            let asked = Field { name: "o0".to_owned(), ty, default: false };
            let asked = Signature { outputs: vec![asked], ..Signature::default() };
            let mut scope = Scope::default();
            own_op(&mut scope, &asked, events);
            self.w(&format!("  each op -> (o0: {ty}) {{\n    "));
            self.hook(&scope, events, &asked);
            self.w("  }\n");
        }
    }
}

/// The plainest expression for a list to fan out over; records are read, as a literal would not say which they are.
fn plainest(scope: &Scope, list: Ty) -> Option<String> {
    let input = scope.careful.iter().find(|variable| variable.ty == list && !variable.text.contains('.'));
    match (input, list) {
        (Some(input), _) => Some(input.text.clone()),
        (None, Ty::List(Ty::Record(_))) => None,
        (None, Ty::List(Ty::Int)) => Some("[1, 2]".to_owned()),
        (None, _) => Some("[\"a\"]".to_owned()),
    }
}
