use crate::diagnostics::{did_you_mean, nearest};

#[test]
fn near_names_are_offered_best_first() {
    assert_eq!(nearest("trian", ["train", "rain", "brain", "evaluate"]), ["train"]);
    assert_eq!(nearest("los", ["loss", "lot", "x"]), ["loss", "lot"]);
    assert_eq!(did_you_mean("sucess", ["success", "failed"]).as_deref(), Some("did you mean `success`?"));
    assert_eq!(did_you_mean("zzz", ["success"]), None);
}
