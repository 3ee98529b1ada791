//! What is known of the name under the cursor: its signature, documentation, type, and whether it surely exists.

use std::fmt::Write as _;

use hookc_plan::{AgentField, ErrorField, Event, EventField, HookField, JobField, OpField};

use super::index::{Target, Typed};
use super::{Hover, Kind, Location, World, builtin_names, keywords, word_at};

impl World {
    /// What is known of the thing at a byte.
    pub fn hover(&self, path: &str, at: u32) -> Option<Hover> {
        let index = self.index(path)?;
        let Some(used) = index.at(at) else { return self.hover_word(path, at) };
        let value = index.value_of(used.span);
        let markdown = match &used.target {
            Target::Declared(location) => self.declared(path, location, value)?,
            Target::Function(name) => function(name)?,
            Target::Context(name) => context(name, value),
            Target::Event(event) => event_page(*event),
            Target::Builtin(name) => builtin_names::type_page(name)?,
        };
        Some(Hover { span: used.span, markdown })
    }

    /// The page of a word of the language.
    fn hover_word(&self, path: &str, at: u32) -> Option<Hover> {
        let entry = self.entry(path)?;
        let token = word_at::word_at(&entry.file.text, at)?;
        let text = entry.file.text.get(token.start as usize..token.end as usize)?;
        let markdown = keywords::page(text)?;
        Some(Hover { span: token, markdown })
    }

    fn declared(&self, path: &str, location: &Location, value: Option<&Typed>) -> Option<String> {
        let declaration = self.declaration(location)?;
        let mut text = fence(&declaration.signature);
        if let Some(value) = value {
            certainty(&mut text, value, shows_type(declaration.kind), self, path);
        }
        if let Some(doc) = &declaration.doc {
            let _ = write!(text, "\n{doc}\n");
        }
        if let Some(container) = &declaration.container {
            let _ = write!(text, "\nof `{container}`");
        }
        if *location.path != *path {
            let _ = write!(text, "\nin `{}`", location.path);
        }
        Some(text.trim_end().to_owned())
    }
}

/// Whether the type at a use may differ from the declared one.
fn shows_type(kind: Kind) -> bool {
    matches!(kind, Kind::Output | Kind::Input | Kind::Field | Kind::Parameter | Kind::Variable | Kind::Const)
}

/// The type here, and whether the value is surely there.
fn certainty(text: &mut String, value: &Typed, shows_type: bool, world: &World, path: &str) {
    if shows_type {
        let _ = write!(text, "\nType here: `{}`", value.ty);
    }
    if let Some(missing) = &value.missing {
        let _ = write!(text, ": {missing}");
    } else if let Some(asked) = &value.asked {
        let condition = world.text(&asked.path);
        let condition =
            condition.as_ref().and_then(|text| text.get(asked.span.start as usize..asked.span.end as usize));
        if let Some(condition) = condition.filter(|condition| *asked.path == *path && !condition.contains('\n')) {
            let _ = write!(text, ": not null, because `{condition}` holds");
        }
    }
    text.push('\n');
}

fn function(name: &str) -> Option<String> {
    let pages = crate::functions::functions_named(name);
    let texts: Vec<String> = pages.iter().map(|page| page.markdown()).collect();
    (!texts.is_empty()).then(|| texts.join("\n---\n").trim_end().to_owned())
}

/// The page of a part of the context.
pub(super) fn context(name: &str, value: Option<&Typed>) -> String {
    let ty = value.map(|value| format!(": {}", value.ty)).unwrap_or_default();
    let mut text = fence(&format!("{name}{ty}"));
    if let Some(about) = about(name) {
        let _ = write!(text, "\n{about}\n");
    }
    if let Some(missing) = value.and_then(|value| value.missing.as_ref()) {
        let _ = write!(text, "\nIt {missing}\n");
    }
    text.trim_end().to_owned()
}

/// What a part of the context is.
fn about(name: &str) -> Option<&'static str> {
    let about = match name.split_once('.') {
        Some(("op", field)) => OpField::from_word(field)?.about(),
        Some(("error", field)) => ErrorField::from_word(field)?.about(),
        Some(("job", field)) => JobField::from_word(field)?.about(),
        Some(("event", field)) => EventField::from_word(field)?.about(),
        Some(("hook", field)) => HookField::from_word(field)?.about(),
        Some(("agent", field)) => AgentField::from_word(field)?.about(),
        Some(("tool", "name")) => "The tool's name.",
        Some(("session", "id")) => "The id of the agent's session.",
        Some(("user", "id")) => "The id of the person whom the agent serves.",
        Some(_) => return None,
        None => builtin_names::root(name)?,
    };
    Some(about.trim())
}

fn event_page(event: Event) -> String {
    format!("{}\n{}", fence(&format!("on {event}")), event.about().trim())
}

/// Text as source.
pub(super) fn fence(text: &str) -> String {
    format!("```hook\n{text}\n```\n")
}
