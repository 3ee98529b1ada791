use std::collections::BTreeSet;

use crate::feature::{Feature, HookEvent, HookTarget, features};
use crate::kinds::MacroKind;
use crate::path::{JobField, PathKind};
use crate::plan::{Engine, Event, OpState};
use crate::tests::notation::sample;

#[test]
fn every_feature_has_a_word_of_its_own_that_reads_back() {
    let mut words = BTreeSet::new();
    for feature in Feature::all() {
        let word = feature.word();
        assert_eq!(Feature::from_word(&word), Some(feature), "{word}");
        assert!(!feature.about().is_empty(), "{word}");
        assert!(words.insert(word.clone()), "{word} stands for two features");
    }
}

#[test]
fn families_begin_with_their_prefix() {
    let words = [
        (Feature::BodyExternal(Engine::Argo), "body.external.argo"),
        (Feature::Edge(OpState::UpstreamFailed), "edge.upstream_failed"),
        (Feature::EdgeAny, "edge.any"),
        (Feature::On(HookEvent { event: Event::Start, target: HookTarget::Job }), "on.start.job"),
        (Feature::Context(PathKind::Job(JobField::Previous)), "ctx.job.previous"),
        (Feature::Context(PathKind::JobInput), "ctx.job.inputs"),
        (Feature::Macro(MacroKind::ExistsOne), "ir.macro.exists_one"),
    ];
    for (feature, word) in words {
        assert_eq!(feature.word(), word);
    }
}

#[test]
fn an_unknown_word_is_no_feature() {
    for word in ["", "op", "op.unknown", "ir.", "ir.unknown", "body.external.unknown", "on.start", "on.start.op.more"] {
        assert_eq!(Feature::from_word(word), None, "{word}");
    }
}

#[test]
fn the_features_of_a_plan_are_sorted_and_each_once() {
    let found = features(&sample());
    let places: Vec<(String, String)> =
        found.iter().map(|used| (used.feature.word().into_owned(), used.at.clone())).collect();
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
    assert!(found.iter().any(|used| used.feature == Feature::BodyExec));
}
