//! What a profile's mocks cannot do: answer outputs they were not given, and have fields that are read.
//!
//! Calls and reads are noted while jobs are checked, and held against every profile that the job's file can be
//! compiled with.

use hookc_plan as plan;
use hookc_plan::{ConnectionValue, Mock, Node};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Binding, Checker};
use crate::declare::{ComponentId, ConnectionId, Place, ProfileId, Symbol, len32};
use crate::diagnostics::{self, Diagnostic};
use crate::sources::FileId;

/// A use of a connection in a job.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ConnectionUse {
    connection: ConnectionId,
    /// The component that is given it; `None` where one of its fields is read.
    component: Option<ComponentId>,
    place: Place,
    /// The file of the job.
    job: FileId,
}

/// The uses of connections.
pub(super) type ConnectionUses = FxHashSet<ConnectionUse>;

impl Checker<'_, '_> {
    /// Notes the connections among the arguments of a call.
    pub(super) fn note_connections(&mut self, component: ComponentId, args: &[plan::Arg], place: Place) {
        let Some(job) = self.job_file else { return };
        for arg in args {
            if let Node::Connection { name } = &arg.value.node
                && let Some(connection) = self.connection_of_key(name)
            {
                self.connection_uses.insert(ConnectionUse { connection, component: Some(component), place, job });
            }
        }
    }

    /// Notes a read of a connection's field.
    pub(super) fn note_field(&mut self, connection: &SmolStr, place: Place) {
        if let Some(job) = self.job_file
            && let Some(connection) = self.connection_of_key(connection)
        {
            self.connection_uses.insert(ConnectionUse { connection, component: None, place, job });
        }
    }

    fn connection_of_key(&self, key: &SmolStr) -> Option<ConnectionId> {
        let ids = (0..len32(&self.program.connections)).map(ConnectionId);
        ids.into_iter().find(|id| self.key(Symbol::Connection(*id)) == *key)
    }

    /// Holds the uses against one profile.
    pub(super) fn check_mocks(&mut self, id: ProfileId, binding: &Binding) {
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
            "profile `{profile}` mocks `{connection}`, and then `{}` must be told its {}",
            def.item.name,
            names.join(", ")
        );
        let outputs: Vec<String> = required.iter().map(|name| format!("{name}: …")).collect();
        let help =
            format!("write `connection {connection} = mock {} ({})` in the profile", def.item.name, outputs.join(", "));
        let diagnostic = Diagnostic::new(diagnostics::MOCK_NEEDS_OUTPUTS, used.place.file, used.place.span, message);
        Some(self.with_profile(id, diagnostic.help(help)))
    }

    fn read_of_mock(&self, id: ProfileId, used: ConnectionUse) -> Diagnostic {
        let profile = &self.program.profile(id).name;
        let connection = &self.program.connection(used.connection).name;
        let message = format!("profile `{profile}` mocks `{connection}`, and then it has no fields to read");
        self.with_profile(id, Diagnostic::new(diagnostics::MOCK_FIELD, used.place.file, used.place.span, message))
    }

    fn with_profile(&self, id: ProfileId, diagnostic: Diagnostic) -> Diagnostic {
        let place = self.program.profile(id).place;
        diagnostic.label(place.file, place.span, "the profile")
    }
}
