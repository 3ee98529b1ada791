//! What stands beside the jobs: types, constants, conditions, connections, components, reusable hooks.

use super::hook::{AGENT_EVENTS, OP_EVENTS};
use super::scope::{CONNECTION, Scope, job_fields, own_op};
use super::{Connections, Field, Mender, Reusable, Signature, Writer, listed};
use crate::generator::types::{self, POINT, POINTS, SPAN, TIER, Ty};
use crate::generator::{Gen, Variable};

/// The types of inputs and outputs.
pub(super) static TYPES: [Ty; 17] = [
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
    Ty::Record(&SPAN),
    POINTS[0],
    POINTS[1],
    Ty::Optional(&Ty::Int),
    Ty::Optional(&Ty::Text),
    Ty::Optional(&Ty::Float),
];

impl Writer<'_> {
    pub(super) fn declarations(&mut self) {
        self.w(&types::declarations());
        self.span();
        for number in 0..if self.has.consts { 1 + self.rng.below(2) } else { 0 } {
            let ty = self.rng.pick(&TYPES[..12]);
            self.w(&format!("const n{number}: {ty} = "));
            self.site(&Scope::default(), ty);
            self.w("\n");
            self.consts.push(Variable::new(format!("n{number}"), ty));
        }
        for number in 0..if self.has.conditions { 1 + self.rng.below(2) } else { 0 } {
            self.condition(number);
        }
        self.w("component tell(text: string, n: int = 0, maybe: float?) -> (ok: bool) { exec [\"tell\"] }\n");
        if self.has.connections != Connections::None {
            self.connection();
        }
        for number in 0..3 {
            let component = self.component(&format!("c{number}"));
            self.known.push(component);
        }
        if self.has.agents {
            let agent = self.agent();
            self.known.push(agent);
        }
        for number in 0..if self.has.reuse { 1 + self.rng.below(2) } else { 0 } {
            self.reusable(number);
        }
    }

    /// The record whose fields have rules.
    fn span(&mut self) {
        self.w("record Span { ");
        let mut scope = Scope::default();
        for (name, ty) in SPAN.fields {
            self.w(&format!("{name}: {ty}"));
            scope.sure(name, *ty);
            self.rule(&scope);
            self.w(", ");
        }
        self.w("}\n");
    }

    /// Perhaps a `where`.
    fn rule(&mut self, scope: &Scope) {
        if self.has.rules && self.rng.chance(40) {
            self.w(" where ");
            self.site_or(scope, Ty::Bool, "true".to_owned());
        }
    }

    fn some_fields(&mut self, stem: &str, most: usize) -> Vec<Field> {
        let count = 1 + self.rng.below(most);
        let field = |writer: &mut Self, number| {
            let ty = writer.rng.pick(&TYPES);
            Field { name: format!("{stem}{number}"), ty, default: matches!(ty, Ty::Optional(_)) }
        };
        (0..count).map(|number| field(self, number)).collect()
    }

    /// Inputs with their defaults and rules, as they are declared.
    pub(super) fn inputs(&mut self, stem: &str, most: usize) -> Vec<Field> {
        let mut fields = self.some_fields(stem, most);
        let mut scope = Scope::default();
        for field in &mut fields {
            self.w(&format!("{}: {}", field.name, field.ty));
            if self.rng.chance(15) {
                field.default = true;
                self.w(" = ");
                self.site(&Scope::default(), field.ty);
            }
            scope.sure(&field.name, field.ty);
            self.rule(&scope);
            self.w(", ");
        }
        fields
    }

    pub(super) fn outputs(&mut self, stem: &str, most: usize) -> Vec<Field> {
        let fields = self.some_fields(stem, most);
        self.w(&format!("({})", listed(&fields)));
        fields
    }

    pub(super) fn component(&mut self, name: &str) -> Signature {
        self.w(&format!("component {name}("));
        let inputs = self.inputs("p", 3);
        self.w("link: string = \"\") -> ");
        let outputs = self.outputs("o", 3);
        self.w(" { exec [\"c\"");
        if self.rng.chance(30) {
            let mut scope = Scope::default();
            scope.fields("", &inputs, true);
            self.w(", ");
            self.site(&scope, Ty::Text);
            self.w(", ...");
            self.site(&scope, Ty::List(&Ty::Text));
        }
        self.w("] }\n");
        let mut signature = Signature { name: name.to_owned(), inputs, outputs, ..Signature::default() };
        self.menders(&mut signature);
        signature
    }

    /// Components whose outputs can replace its inputs, or its outputs.
    pub(super) fn menders(&mut self, signature: &mut Signature) {
        if !self.has.modify {
            return;
        }
        for (at, word) in ["in", "out"].iter().enumerate() {
            let fields = if at == 0 { &signature.inputs } else { &signature.outputs };
            let field = fields[self.rng.below(fields.len())].clone();
            let ty = match field.ty {
                Ty::Optional(of) if self.rng.chance(50) => *of,
                ty => ty,
            };
            let name = format!("mend_{word}_{}", signature.name);
            const TAKES: &[(&str, Ty)] = &[("n", Ty::Int), ("text", Ty::Text)];
            let takes = &TAKES[self.rng.below(2)..];
            let inputs: Vec<String> = takes.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
            let (inputs, given) = (inputs.join(", "), field.name);
            self.w(&format!("component {name}({inputs}) -> ({given}: {ty}) {{ exec [\"mend\"] }}\n"));
            signature.menders[at] = Some(Mender { name, takes });
        }
    }

    /// A named condition.
    fn condition(&mut self, number: usize) {
        let name = format!("k{number}");
        self.w(&format!("condition {name}("));
        let mut params = self.some_fields("b", 3);
        for param in &mut params {
            self.w(&format!("{}: {}", param.name, param.ty));
            // What may be null is null where it is not given.
            if !param.default && self.rng.chance(20) {
                param.default = true;
                self.w(" = ");
                self.site(&Scope::default(), param.ty);
            }
            self.w(", ");
        }
        self.w(") = ");
        let mut scope = Scope::default();
        scope.fields("", &params, true);
        self.site(&scope, Ty::Bool);
        self.w("\n");
        self.conditions.push(Signature { name, inputs: params, ..Signature::default() });
    }

    /// A call of a condition with arguments out of a scope.
    pub(super) fn condition_call(&mut self, scope: &[Variable]) -> String {
        let condition = self.conditions[self.rng.below(self.conditions.len())].clone();
        let mut given = Vec::new();
        for param in &condition.inputs {
            if param.default && self.rng.chance(40) {
                continue;
            }
            let mut generator = Gen::new(self.rng, scope.to_vec());
            (generator.no_parsing, generator.declared) = (true, true);
            let ty = match param.ty {
                Ty::Optional(of) if !generator.scope.iter().any(|variable| variable.ty == Ty::Optional(of)) => *of,
                ty => ty,
            };
            given.push(format!("{}: {}", param.name, generator.tree(ty, 1).ours()));
        }
        format!("{}({})", condition.name, given.join(", "))
    }

    fn connection(&mut self) {
        self.w("record Conn { url: uri, label: string, level: float?, key: secret }\n");
        self.w("connection conn: Conn = { url: \"https://example.org\", label: ");
        self.site(&Scope::default(), Ty::Text);
        self.w(", level: 1.5, key: secret(\"KEY\") }\n");
        self.w("component send(via: Conn, text: string, link: string = \"\") -> (ok: bool) { http POST via.url }\n");
        let field = |name: &str, ty| Field { name: name.to_owned(), ty, default: false };
        self.known.push(Signature {
            name: "send".to_owned(),
            inputs: vec![field("via", CONNECTION), field("text", Ty::Text)],
            outputs: vec![field("ok", Ty::Bool)],
            ..Signature::default()
        });
    }

    /// The fields of the connection, where expressions of a job and of hooks read them.
    pub(super) fn read_connection(&self, scope: &mut Scope) {
        match self.has.connections {
            Connections::None => {}
            // A mock has none, which `check` says where one is read.
            Connections::Mocked => {
                scope.daring("conn.label", Ty::Text);
            }
            Connections::Plain | Connections::Profile => {
                scope.sure("conn.label", Ty::Text);
                scope.sure("conn.level", Ty::Optional(&Ty::Float));
            }
        }
    }

    /// The profiles, and the one that is compiled.
    pub(super) fn profiles(&mut self) -> Option<&'static str> {
        match self.has.connections {
            Connections::None | Connections::Plain => return None,
            Connections::Profile => {
                self.w("profile dev { connection conn = { url: \"https://example.com\", label: ");
                self.site(&Scope::default(), Ty::Text);
                self.w(", level: null, key: secret(\"OTHER\") } }\n");
            }
            Connections::Mocked => self.w("profile dev { connection conn = mock send (ok: true) }\n"),
        }
        self.rng.chance(60).then_some("dev")
    }

    /// A hook that ops of one component can use.
    fn reusable(&mut self, number: usize) {
        let runs = self.known[self.rng.below(self.known.len())].clone();
        let agent = runs.tools.is_some();
        let name = format!("r{number}");
        self.w(&format!("hook {name}("));
        let params = self.some_fields("b", 2);
        self.w(&listed(&params));
        let some = |writer: &mut Self, fields: &[Field]| -> Vec<Field> {
            fields.iter().filter(|field| field.ty != CONNECTION && writer.rng.chance(60)).cloned().collect()
        };
        let asked = Signature {
            name: runs.name.clone(),
            inputs: some(self, &runs.inputs),
            outputs: some(self, &runs.outputs),
            tools: runs.tools.clone(),
            ..Signature::default()
        };
        self.w(if agent { ") for agent " } else { ") for op " });
        if !asked.inputs.is_empty() {
            self.w(&format!("({}) ", listed(&asked.inputs)));
        }
        if !asked.outputs.is_empty() {
            self.w(&format!("-> ({}) ", listed(&asked.outputs)));
        }
        let events = if agent && self.rng.chance(70) { self.rng.pick(AGENT_EVENTS) } else { self.rng.pick(OP_EVENTS) };
        let mut scope = Scope::default();
        own_op(&mut scope, &asked, events);
        job_fields(&mut scope);
        self.read_connection(&mut scope);
        scope.fields("", &params, true);
        self.hook(&scope, events, &asked);
        self.reusable.push(Reusable { name, fits: runs.name, params, events });
    }
}
