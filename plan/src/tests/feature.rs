use std::collections::BTreeSet;

use serde_json::json;

use crate::feature::{Feature, FinalState, HookEvent, HookTarget, features};
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
        (Feature::Edge(FinalState(OpState::UpstreamFailed)), "edge.upstream_failed"),
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

/// A plan asks for every setting of a component, and for nothing that no plan can have.
#[test]
fn the_settings_of_a_component_are_features() {
    let mut json = serde_json::to_value(sample()).unwrap();
    json["allow_private"] = json!(true);
    let text = json!({ "op": "const", "value": "alpine", "type": "string", "span": [0, 0, 0] });
    let components = json["components"].as_object_mut().unwrap();
    let component = components.values_mut().next().unwrap();
    component["image"] = text.clone();
    component["cwd"] = text.clone();
    component["env"] = json!({ "A": text });
    component["outputs_from"] = json!("stdout");
    let plan: crate::Plan = serde_json::from_value(json).unwrap();
    let found: BTreeSet<Feature> = features(&plan).into_iter().map(|used| used.feature).collect();
    for feature in [
        Feature::ComponentImage,
        Feature::ComponentCwd,
        Feature::ComponentEnv,
        Feature::ResultStdout,
        Feature::AllowPrivate,
    ] {
        assert!(found.contains(&feature), "{feature}");
    }
    assert_eq!(Feature::from_word("edge.pending"), None);
    assert_eq!(Feature::from_word("type.null"), None);
}
