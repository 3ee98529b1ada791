//! Every row of the semantics, in the notation of [`crate::tests::notation`].

mod bounds;
mod collections;
mod conversions;
mod logic;
mod math;
mod numbers;
mod strings;
mod times;
