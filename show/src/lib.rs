//! How things are shown to people: text that is safe to print, plans as drawings. Used by the command and the editor's server.

pub mod graph;
pub mod sanitise;
#[cfg(test)]
mod tests;
