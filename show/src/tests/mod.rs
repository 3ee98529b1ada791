//! Unit tests, one file for each module.

mod sanitise;
