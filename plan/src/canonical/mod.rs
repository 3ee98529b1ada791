//! Canonical JSON, the plan's hash and its reading.
//!
//! Canonical: UTF-8, no spaces, keys by code point, floats in this language's text form. The hash leaves out
//! positions and documentation. These are fields of structs; a user's map may use the same words as keys and keeps
//! them. Serde distinguishes the two: a struct names its fields one by one, and a struct with a flattened part is a map
//! of unknown length, while a real map always knows its length.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::{Plan, VERSION};
use crate::stack::with_deep_stack;

mod key;
mod scan;
mod tree;
mod writer;

use tree::Tree;

/// The fields of the schema that do not change what a plan does.
pub(crate) const LEFT_OUT: [&str; 8] = ["hash", "sources", "span", "attached", "because", "via", "source", "doc"];

impl Plan {
    /// The canonical form, with one final newline.
    pub fn to_canonical_json(&self) -> String {
        let mut text = with_deep_stack(|| canonical_text(self, &[]));
        text.push('\n');
        text
    }

    /// SHA-256, in hex, of the canonical form without positions and documentation.
    pub fn content_hash(&self) -> String {
        let mut text = with_deep_stack(|| canonical_text(self, &LEFT_OUT));
        text.push('\n');
        hex(&Sha256::digest(text.as_bytes()))
    }

    /// Reads a plan from JSON.
    ///
    /// # Errors
    /// [`PlanError`]: not JSON, nested too deeply, a key twice, another version, another shape, another hash.
    pub fn from_json(bytes: &[u8]) -> Result<Plan, PlanError> {
        scan::scan(bytes)?;
        with_deep_stack(|| {
            let mut deserializer = serde_json::Deserializer::from_slice(bytes);
            // `scan` has counted the nesting.
            deserializer.disable_recursion_limit();
            let plan = Plan::deserialize(&mut deserializer).map_err(|error| scan::explain(&error))?;
            deserializer.end().map_err(|error| scan::explain(&error))?;
            check(plan)
        })
    }
}

fn check(plan: Plan) -> Result<Plan, PlanError> {
    if plan.plan != VERSION {
        return Err(PlanError::Version(plan.plan));
    }
    let hash = plan.content_hash();
    if plan.hash != hash {
        return Err(PlanError::Hash { written: plan.hash, found: hash });
    }
    Ok(plan)
}

/// Why a text is not a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// It is not JSON, or not of the plan's shape.
    Shape {
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// Brackets are nested more deeply than [`MAX_JSON_DEPTH`].
    TooDeep,
    /// An object has a key twice.
    Duplicate(String),
    /// It is of another version.
    Version(String),
    /// It was changed after it was compiled.
    Hash {
        /// The hash it names.
        written: String,
        /// The hash it has.
        found: String,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::Shape { line, column, message } => write!(f, "{message} at line {line}, column {column}"),
            PlanError::TooDeep => write!(f, "nested more than {MAX_JSON_DEPTH} levels deep"),
            PlanError::Duplicate(key) => write!(f, "duplicate key `{}` in an object", key.escape_debug()),
            PlanError::Version(version) => {
                write!(f, "unsupported plan version `{}`, expected `{VERSION}`", version.escape_debug())
            }
            PlanError::Hash { written, found } => {
                write!(f, "the plan was changed: its hash is `{}`, expected `{found}`", written.escape_debug())
            }
        }
    }
}

impl std::error::Error for PlanError {}

/// How deeply the JSON of a plan may be nested.
pub const MAX_JSON_DEPTH: usize = 8_192;

/// Any JSON in canonical form, without a newline.
pub fn canonical_json(json: &serde_json::Value) -> String {
    canonical_text(json, &[])
}

/// What cannot be written (a float that is not finite, a key that is not a text) is null: plans do not hold such values.
pub(crate) fn canonical_text<T: Serialize + ?Sized>(value: &T, left_out: &[&str]) -> String {
    let tree = value.serialize(writer::Writer { left_out }).unwrap_or(Tree::Leaf("null".into()));
    let mut text = String::new();
    tree.write(&mut text);
    text
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
