//! The condition, and the ten variables that are there when it is evaluated; it reads three of them.

/// In the syntax of hookc and CEL.
pub(crate) const CONDITION: &str = r#"loss < 0.9 && status == "succeeded" && size(tags) > 0"#;

/// As a template's expression.
pub(crate) const TEMPLATE: &str = r#"loss < 0.9 and status == "succeeded" and tags|length > 0"#;

/// The variables that are not read: integers.
pub(crate) const UNREAD: [&str; 7] = ["attempt", "epochs", "batch", "shard", "seed", "depth", "width"];

/// The values that are read, and what the condition must say of them.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    pub(crate) loss: f64,
    pub(crate) status: &'static str,
    pub(crate) tags: &'static [&'static str],
    pub(crate) holds: bool,
}

/// What is measured: all three parts are evaluated.
pub(crate) const MEASURED: Input = Input { loss: 0.5, status: "succeeded", tags: &["nightly", "gpu"], holds: true };

/// What every implementation must agree on before it is measured: each part is false once.
pub(crate) const CONTROLS: [Input; 4] = [
    MEASURED,
    Input { loss: 0.95, holds: false, ..MEASURED },
    Input { status: "failed", holds: false, ..MEASURED },
    Input { tags: &[], holds: false, ..MEASURED },
];
