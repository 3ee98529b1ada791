//! An agent and its tools.

use super::scope::Scope;
use super::{Field, Signature, Writer};
use crate::generator::types::Ty;

impl Writer<'_> {
    /// Two tools that share some of their inputs, and the agent that has them.
    pub(super) fn agent(&mut self) -> Signature {
        let tools: Vec<Signature> = ["look_up", "write_down"].iter().map(|name| self.tool(name)).collect();
        self.w("agent helper(");
        let inputs = self.inputs("p", 2);
        self.w("link: string = \"\") -> (o0: string, o1: int?) {\n  exec [\"agent\"]\n  model \"large\"\n  prompt ");
        let mut scope = Scope::default();
        scope.fields("", &inputs, true);
        self.site(&scope, Ty::Text);
        self.w("\n  tools [look_up, write_down]\n}\n");
        let field = |name: &str, ty| Field { name: name.to_owned(), ty, default: false };
        let mut signature = Signature {
            name: "helper".to_owned(),
            inputs,
            outputs: vec![field("o0", Ty::Text), field("o1", Ty::Optional(&Ty::Int))],
            tools: Some(tools),
            ..Signature::default()
        };
        self.menders(&mut signature);
        signature
    }

    fn tool(&mut self, name: &str) -> Signature {
        self.w(&format!("component {name}("));
        let inputs = self.inputs("q", 2);
        self.w(") -> ");
        let outputs = self.outputs("s", 2);
        // The agent runs one that has no body.
        let body = self.rng.pick(&["", " exec [\"t\"] "]);
        self.w(&format!(" {{{body}}}\n"));
        let mut signature = Signature { name: name.to_owned(), inputs, outputs, ..Signature::default() };
        self.menders(&mut signature);
        signature
    }
}
