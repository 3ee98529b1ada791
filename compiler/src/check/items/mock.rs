//! Uses of connections that a profile's mocks cannot support: outputs without a given value, and reads of fields.
//!
//! Calls and reads are recorded while jobs are checked, and then compared with every profile that the job's file can be
//! compiled with. Connections are followed through arguments: the hooks of an op read its arguments as `inputs.X`.

use std::collections::BTreeMap;

use hookc_grammar::Span;
use hookc_plan as plan;
use hookc_plan::{ConnectionValue, Expr, Mock, Node, Path};
use smol_str::SmolStr;

use crate::check::items::connection_uses::ConnectionUse;
use crate::check::{Binding, Checker, Owner};
use crate::declare::len32;
use crate::diagnostics::{self, Diagnostic};
use crate::ids::{ComponentId, ConnectionId, ProfileId};
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;

/// The connections that each input of an op may have as its value.
type Given = BTreeMap<SmolStr, Vec<ConnectionId>>;

/// How a value is used.
#[derive(Clone, Copy)]
enum Goes {
    /// It is the value of the whole expression, or is in it.
    On,
    /// One of its fields is read.
    In,
    /// It is counted or compared with null.
    Nowhere,
}

impl Goes {
    /// How a node uses its operands.
    fn through(self, node: &Node) -> Goes {
        match node {
            Node::IsNull { .. } | Node::SizeList { .. } | Node::SizeMap { .. } => Goes::Nowhere,
            Node::Narrow { .. } | Node::Some { .. } | Node::OrElse { .. } => self,
            // The test of a conditional expression is a bool, and an index is not a connection.
            Node::Cond { .. } | Node::IndexList { .. } | Node::IndexMap { .. } | Node::GetMap { .. } => self,
            Node::List { .. } | Node::Map { .. } | Node::Record { .. } => self,
            _ => Goes::In,
        }
    }
}

impl<'s> Checker<'_, 's> {
    /// Notes the connections among the arguments of a call.
    pub(crate) fn note_connections(&mut self, component: ComponentId, args: &[plan::Arg], place: Place) {
        let Some(job) = self.job_file else { return };
        for arg in args {
            if let Node::Connection { name } = &arg.value.node
                && let Some(connection) = self.connection_of_key(name)
            {
                self.connection_uses.insert(ConnectionUse { connection, component: Some(component), place, job });
            }
        }
    }

    /// Notes the connections that an op and its hooks read or pass on.
    pub(crate) fn note_op(&mut self, op: &plan::Op) {
        if self.job_file.is_none() {
            return;
        }
        let mut given = Given::new();
        for arg in &op.args {
            let passed = match &op.runs {
                plan::Runs::Component(key) => self.note_argument(key, arg, &Given::new()),
                plan::Runs::Job(_) => self.note_whole(&arg.value),
            };
            given.insert(arg.name.clone(), passed);
        }
        let conditions = op.when.iter().chain(op.retry.iter().filter_map(|retry| retry.when.as_ref()));
        conditions.for_each(|cond| drop(self.passed(&cond.expr, &given)));
        op.each.iter().for_each(|fan| drop(self.note_whole(&fan.over)));
        self.note_hooks(&op.hooks, &given);
    }

    /// Notes the connections that a job's own hooks and outputs read or pass on.
    pub(crate) fn note_job(&mut self, hooks: &[plan::Hook], outputs: &[plan::Arg]) {
        if self.job_file.is_some() {
            self.note_hooks(hooks, &Given::new());
            outputs.iter().for_each(|arg| drop(self.note_whole(&arg.value)));
        }
    }

    fn note_hooks(&mut self, hooks: &[plan::Hook], given: &Given) {
        for hook in hooks {
            let conditions = hook.when.iter().chain(hook.settings.retry.iter().filter_map(|retry| retry.when.as_ref()));
            let exprs = conditions.map(|cond| &cond.expr).chain(&hook.message);
            exprs.for_each(|expr| drop(self.passed(expr, given)));
            if let Some(component) = &hook.component {
                hook.args.iter().for_each(|arg| drop(self.note_argument(component, arg, given)));
            }
        }
    }

    /// Notes an argument of a component, and what the component's refinements read of it. A connection that is passed by its
    /// own name is noted with the call.
    fn note_argument(&mut self, component: &SmolStr, arg: &plan::Arg, given: &Given) -> Vec<ConnectionId> {
        let passed = self.passed(&arg.value, given);
        if passed.is_empty() {
            return passed;
        }
        let component = self.component_of_key(component);
        if !matches!(arg.value.node, Node::Connection { .. }) {
            passed.iter().for_each(|connection| self.note_use(*connection, component, arg.value.span));
        }
        let own = Given::from([(arg.name.clone(), passed.clone())]);
        let inputs = component.map(|id| &self.program.component(id).inputs);
        for index in 0..inputs.map_or(0, |inputs| inputs.len()) {
            if let Some(rule) = inputs.and_then(|inputs| self.refinement(Owner::Component, inputs, index)) {
                self.reads(&rule, &own, Some(arg.value.span));
            }
        }
        passed
    }

    /// Notes a value that is passed to a place where any of its fields may be read.
    fn note_whole(&mut self, value: &Expr) -> Vec<ConnectionId> {
        let passed = self.passed(value, &Given::new());
        passed.iter().for_each(|connection| self.note_use(*connection, None, value.span));
        passed
    }

    /// The connections that the value of an expression may be or contain. Reads of other connections are noted.
    fn passed(&mut self, expr: &Expr, given: &Given) -> Vec<ConnectionId> {
        self.reads(expr, given, None)
    }

    /// The connections of the value. Reads are noted at `place`, or at the place of the read.
    fn reads(&mut self, expr: &Expr, given: &Given, place: Option<plan::Span>) -> Vec<ConnectionId> {
        let mut passed = Vec::new();
        let mut open = vec![(expr, Goes::On, expr.span)];
        while let Some((expr, goes, reader)) = open.pop() {
            let found: Vec<ConnectionId> = match &expr.node {
                Node::Connection { name } => self.connection_of_key(name).into_iter().collect(),
                Node::Ctx { path: Path::Input(name) } => given.get(name).cloned().unwrap_or_default(),
                _ => Vec::new(),
            };
            match goes {
                Goes::On => passed.extend(found),
                Goes::In => {
                    let place = place.unwrap_or(reader);
                    found.into_iter().for_each(|connection| self.note_use(connection, None, place));
                }
                Goes::Nowhere => {}
            }
            let inner = goes.through(&expr.node);
            expr.operands(&mut |operand| open.push((operand, inner, expr.span)));
        }
        passed
    }

    fn note_use(&mut self, connection: ConnectionId, component: Option<ComponentId>, span: plan::Span) {
        if let Some(job) = self.job_file {
            let place = Place { file: FileId(span.0), span: Span::new(span.1, span.2) };
            self.connection_uses.insert(ConnectionUse { connection, component, place, job });
        }
    }

    /// The component with this key in the plan.
    pub(crate) fn component_of_key(&self, key: &SmolStr) -> Option<ComponentId> {
        let ids = (0..len32(&self.program.components)).map(ComponentId);
        ids.into_iter().find(|id| self.key(Symbol::Component(*id)) == *key)
    }

    fn connection_of_key(&self, key: &SmolStr) -> Option<ConnectionId> {
        let ids = (0..len32(&self.program.connections)).map(ConnectionId);
        ids.into_iter().find(|id| self.key(Symbol::Connection(*id)) == *key)
    }

    /// Compares the uses with one profile.
    pub(crate) fn check_mocks(&mut self, id: ProfileId, binding: &Binding) {
        let mut uses: Vec<ConnectionUse> = self.connection_uses.iter().copied().collect();
        uses.sort_by_key(|used| (used.place, used.connection, used.component));
        for used in uses {
            let visible = self.program.scope(used.job).names.values().any(|symbol| *symbol == Symbol::Profile(id));
            if let (true, Some(ConnectionValue::Mock(mock))) = (visible, binding.connections.get(&used.connection.0)) {
                let problem = match used.component {
                    Some(component) => self.missing_outputs(id, used, component, mock),
                    None => Some(self.read_of_mock(id, used)),
                };
                self.diagnostics.extend(problem);
            }
        }
    }

    fn missing_outputs(
        &self,
        id: ProfileId,
        used: ConnectionUse,
        component: ComponentId,
        mock: &Mock,
    ) -> Option<Diagnostic> {
        let def = self.program.component(component);
        let required: Vec<&SmolStr> =
            def.outputs.values().filter(|output| !output.ty.takes_null()).map(|output| &output.name).collect();
        if required.is_empty() || mock.outputs.contains_key(&self.key(Symbol::Component(component))) {
            return None;
        }
        let profile = &self.program.profile(id).name;
        let connection = &self.program.connection(used.connection).name;
        let names: Vec<String> = required.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "profile `{profile}` mocks connection `{connection}` without the outputs of component `{}`: {}",
            def.item.name,
            names.join(", ")
        );
        let outputs: Vec<String> = required.iter().map(|name| format!("{name}: …")).collect();
        let help =
            format!("write `connection {connection} = mock {} ({})` in the profile", def.item.name, outputs.join(", "));
        let diagnostic = Diagnostic::new(diagnostics::MOCK_NEEDS_OUTPUTS, used.place, message);
        Some(self.with_profile(id, diagnostic.help(help)))
    }

    fn read_of_mock(&self, id: ProfileId, used: ConnectionUse) -> Diagnostic {
        let profile = &self.program.profile(id).name;
        let connection = &self.program.connection(used.connection).name;
        let message = format!("profile `{profile}` mocks connection `{connection}`, so its fields cannot be read");
        self.with_profile(id, Diagnostic::new(diagnostics::MOCK_FIELD, used.place, message))
    }

    fn with_profile(&self, id: ProfileId, diagnostic: Diagnostic) -> Diagnostic {
        let place = self.program.profile(id).place;
        diagnostic.label(place, "profile declared here")
    }
}
