//! The unit tests of this crate, one file for each module. They are written in the notation of [`notation`].

mod canonical;
mod cost;
mod delivery;
mod eval;
mod failures;
mod feature;
mod growth;
pub(crate) mod notation;
mod schema;
mod text;
mod time;
mod trace;
mod value;
