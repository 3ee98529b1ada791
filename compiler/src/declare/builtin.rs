//! The built-in types of states, errors and the context.

use smol_str::SmolStr;

use super::{Damage, EnumDef, ParamDef, Params, RecordDef, len32};
use crate::ids::{EnumId, RecordId};
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use crate::ty::Ty;
use hookc_grammar::Span;

/// The ids of the built-in types.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Builtins {
    pub(crate) op_status: EnumId,
    pub(crate) job_status: EnumId,
    pub(crate) error_kind: EnumId,
    pub(crate) source: EnumId,
    /// `{id, status, finished_at}`: an item of `job.previous`.
    pub(crate) previous: RecordId,
    /// `{name, component, item, error_message, allow_failure}`: an item of `job.failed_ops`.
    pub(crate) failed_op: RecordId,
    /// `{number, text, calls}`
    pub(crate) step: RecordId,
}

/// The values of `ErrorKind`, in the order of the language's definition.
pub(crate) const ERROR_KINDS: &[&str] = &[
    "exit",
    "signal",
    "timeout",
    "spawn",
    "input",
    "condition",
    "output_type",
    "gate",
    "refused",
    "http",
    "agent_protocol",
    "secret",
    "lost",
];

impl Default for Builtins {
    fn default() -> Builtins {
        let (id, record) = (EnumId(0), RecordId(0));
        Builtins {
            op_status: id,
            job_status: id,
            error_kind: id,
            source: id,
            previous: record,
            failed_op: record,
            step: record,
        }
    }
}

impl Builtins {
    /// Declares the built-in types.
    pub(crate) fn declare(enums: &mut Vec<EnumDef>, records: &mut Vec<RecordDef<'_>>) -> Builtins {
        let mut add_enum = |name: &'static str, values: &[&'static str]| {
            let values = values.iter().copied().map(SmolStr::new_static).collect();
            enums.push(EnumDef { name: SmolStr::new_static(name), place: None, values, damage: Damage::NONE });
            EnumId(len32(enums) - 1)
        };
        let op_status =
            add_enum("OpStatus", &["succeeded", "failed", "stopped", "skipped", "upstream_failed", "pending"]);
        let job_status = add_enum("JobStatus", &["succeeded", "failed", "stopped"]);
        let error_kind = add_enum("ErrorKind", ERROR_KINDS);
        let source = add_enum("Source", &["manual", "schedule", "webhook", "watch", "job"]);
        let mut add_record = |name: &'static str, fields: Vec<(&'static str, Ty)>| {
            records.push(record(name, fields));
            RecordId(len32(records) - 1)
        };
        let previous = add_record(
            "job.previous",
            vec![("id", Ty::String), ("status", Ty::Enum(job_status)), ("finished_at", Ty::Timestamp)],
        );
        let failed_op = add_record(
            "job.failed_ops",
            vec![
                ("name", Ty::String),
                ("component", Ty::String),
                ("item", Ty::Int.optional()),
                ("error_message", Ty::String),
                ("allow_failure", Ty::Bool),
            ],
        );
        let call = add_record("step.calls", vec![("id", Ty::String), ("tool", Ty::String)]);
        let step = add_record(
            "step",
            vec![("number", Ty::Int), ("text", Ty::String.optional()), ("calls", Ty::Record(call).list())],
        );
        Builtins { op_status, job_status, error_kind, source, previous, failed_op, step }
    }

    /// The built-in type of this name that source text can write.
    pub(crate) fn symbol(&self, name: &str) -> Option<Symbol> {
        Some(Symbol::Enum(match name {
            "OpStatus" => self.op_status,
            "JobStatus" => self.job_status,
            "ErrorKind" => self.error_kind,
            "Source" => self.source,
            _ => return None,
        }))
    }
}

fn record<'s>(name: &'static str, fields: Vec<(&'static str, Ty)>) -> RecordDef<'s> {
    let place = Place { file: FileId(0), span: Span::default() };
    let fields: Params<'s> = fields
        .into_iter()
        .map(|(name, ty)| {
            let name = SmolStr::new_static(name);
            (name.clone(), ParamDef { name, ty, place, at: 0, ast: None })
        })
        .collect();
    RecordDef { name: SmolStr::new_static(name), place: None, at: 0, ast: None, fields }
}
