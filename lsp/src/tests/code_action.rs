use hookc_compiler::ide::ActionKind;
use tower_lsp::ls_types::CodeActionKind;

use crate::handlers::code_action::is_wanted;

#[test]
fn kinds_are_wanted_with_what_is_below_them() {
    let wanted = |kind, only: &'static str| is_wanted(kind, Some(&[CodeActionKind::new(only)]));
    assert!(wanted(ActionKind::Extract, "refactor") && wanted(ActionKind::Extract, ""));
    assert!(wanted(ActionKind::FixAll, "source") && wanted(ActionKind::QuickFix, "quickfix"));
    assert!(!wanted(ActionKind::Extract, "refactor.ext") && !wanted(ActionKind::Extract, "quickfix"));
    assert!(is_wanted(ActionKind::Inline, None));
}
