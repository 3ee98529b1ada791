//! The contract between the compiler and everything that runs a job: the plan `hook.plan/v1`, its typed expressions
//! and the one reference evaluator.
//!
//! A plan is complete: an engine needs the plan, the project's folder and its own settings, nothing else.
//! It holds no secret value, and the same program gives the same bytes on every machine.

mod canonical;
mod cost;
mod delivery;
mod eval;
mod expr;
mod expressions;
mod failures;
mod feature;
mod growth;
mod kinds;
mod operands;
mod operations;
mod path;
mod plan;
mod reading;
mod schema;
mod stack;
pub mod test;
#[cfg(test)]
mod tests;
mod text;
mod time;
pub mod trace;
mod types;
mod value;
mod words;

pub use canonical::{MAX_JSON_DEPTH, PlanError, canonical_json};
pub use cost::{USUAL_BYTES, USUAL_ITEMS, cost};
pub use delivery::{Delivery, delivery_id};
pub use eval::{BUDGET, Context, MAX_EXPR_DEPTH, Program, Slot, Traced, run_traced};
pub use expr::{Entry, Expr, Node, Operand, Operation, Spread, Text, Via};
pub use failures::{can_fail, may_fail, reads_of};
pub use feature::{
    Feature, FinalState, HookEvent, HookTarget, ValueType, features, features_of_component, features_of_job,
};
pub use growth::{TooExpensive, too_expensive};
pub use kinds::{CompareOn, MacroKind, NumberOn, OrderOn, SortOn, TextOn, TimePart};
pub use path::{AgentField, ErrorField, EventField, HookField, JobField, OpField, ParsePathError, Path, PathKind};
pub use plan::{
    Accept, AfterJob, Arg, Body, Component, ComponentKind, Concurrency, Cond, Connection, ConnectionValue, Edge, Else,
    Engine, EvalError, Event, EventOn, ExecItem, External, Fan, FieldValue, From, Hook, HookSettings, Http, Job, Mock,
    Op, OpState, OutputsFrom, Placement, Plan, Provider, Python, Read, Retry, Runs, Schedule, Secret, Shape, Source,
    Trigger, TriggerKind, Use, VERSION, VerbKind, Watch, Webhook,
};
pub use schema::json_schema;
pub use text::{duration_text, float_text, parse_duration};
pub use time::{FORMATS, Timestamp, Zone, unknown_directive};
pub use types::{Field, Name, Span, Type, TypeDef, TypeKind};
pub use value::{Fields, Mismatch, Unknown, Value};
