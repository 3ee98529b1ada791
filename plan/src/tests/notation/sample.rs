//! A plan with one of everything. In it a text after `= ` is an expression, written as in the other tests.

use serde_json::Value as Json;

use crate::plan::Plan;
use crate::tests::notation::expr;

/// The plan, its hash computed.
pub(crate) fn sample() -> Plan {
    let mut json: Json = serde_json::from_str(include_str!("sample.json")).unwrap();
    expand(&mut json);
    let mut plan: Plan = serde_json::from_value(json).unwrap_or_else(|error| panic!("{error}"));
    plan.hash = plan.content_hash();
    plan
}

fn expand(json: &mut Json) {
    match json {
        Json::String(text) => {
            if let Some(text) = text.strip_prefix("= ") {
                *json = serde_json::to_value(expr(text)).unwrap();
            }
        }
        Json::Array(items) => items.iter_mut().for_each(expand),
        Json::Object(entries) => entries.values_mut().for_each(expand),
        _ => {}
    }
}
