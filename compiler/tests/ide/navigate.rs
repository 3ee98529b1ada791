//! From names to declarations and uses, and new names.

use hookc_compiler::ide::{Kind, World};

use crate::project::{At, at, project};

const LIB: &str = "\
/// Sends.
component page(text: string) -> (id: string) { exec [\"p\", text] }
enum Tier { small, large }
condition poor(loss: float) = loss > 0.9
";
const MAIN: &str = "\
import page, Tier, poor as bad from \"./lib\"
component train(data: path, tier: Tier) -> (loss: float) { exec [\"t\", data] }
job nightly(data: path) {
  op fit = train(data: data, tier: small) {
    hook late on succeeded when bad(outputs.loss)
      run page(text: \"${fixed(outputs.loss, 2)}\")
  }
  op tell = page(text: \"${fit.loss}\")
}
test \"t\" for nightly(data: \"x\") {
  given fit succeeded (loss: 0.5)
  given tell succeeded (id: \"1\")
  expect fit.late not ran
}
";

fn both(mark: &str) -> At {
    let main = MAIN.replacen(&mark.replace("$0", ""), mark, 1);
    assert_ne!(main, MAIN, "{mark}");
    project(&[("lib.hook", LIB), ("main.hook", &main)])
}

fn places(world: &World, locations: &[hookc_compiler::ide::Location]) -> Vec<String> {
    let line = |path: &str, at: u32| world.text(path).unwrap()[..at as usize].matches('\n').count() + 1;
    locations
        .iter()
        .map(|location| format!("{}:{}", location.path, line(&location.path, location.span.start)))
        .collect()
}

#[test]
fn definitions_are_found_over_files() {
    for (mark, wanted) in [
        ("run pa$0ge(", "lib.hook:2"),
        ("page(te$0xt: \"${fixed", "lib.hook:2"),
        ("when b$0ad(", "lib.hook:4"),
        ("tier: sm$0all", "lib.hook:3"),
        ("(outputs.lo$0ss)\n", "main.hook:2"),
        ("${fit.lo$0ss}", "main.hook:2"),
        ("${fi$0t.loss}", "main.hook:4"),
        ("data: da$0ta,", "main.hook:3"),
        ("expect fit.la$0te", "main.hook:5"),
        ("given fi$0t", "main.hook:4"),
        ("for night$0ly", "main.hook:3"),
        ("[\"t\", da$0ta]", "main.hook:2"),
        ("tier: Ti$0er)", "lib.hook:3"),
        ("\"./l$0ib\"", "lib.hook:1"),
    ] {
        let at = both(mark);
        assert_eq!(places(&at.world, &at.world.definition(&at.path, at.at)), [wanted], "{mark}");
    }
}

#[test]
fn references_are_found_over_files() {
    let at = both("run pa$0ge(");
    let found = at.world.references(&at.path, at.at, true);
    assert_eq!(places(&at.world, &found), ["lib.hook:2", "main.hook:1", "main.hook:6", "main.hook:8"]);
    let found = at.world.references(&at.path, at.at, false);
    assert_eq!(found.len(), 3);
    let loss = both("(outputs.lo$0ss)\n");
    let found = loss.world.references(&loss.path, loss.at, true);
    assert_eq!(
        places(&loss.world, &found),
        ["main.hook:2", "main.hook:5", "main.hook:6", "main.hook:8", "main.hook:11"]
    );
}

#[test]
fn a_rename_changes_every_use_and_means_the_same() {
    for (mark, new, least) in [
        ("run pa$0ge(", "send", 4),
        ("page(te$0xt: \"${fixed", "words", 4),
        ("(outputs.lo$0ss)\n", "error_rate", 5),
        ("op fi$0t", "fit_it", 4),
        ("hook la$0te", "too_late", 2),
        ("tier: sm$0all", "little", 2),
        ("job night$0ly", "daily", 2),
        ("tier: Ti$0er)", "Size", 3),
    ] {
        let at = both(mark);
        let edits = at.world.rename(&at.path, at.at, new).unwrap_or_else(|error| panic!("{mark}: {error}"));
        assert!(edits.len() >= least, "{mark}: {edits:?}");
        let after = at.world.with_edits(&edits);
        for path in ["lib.hook", "main.hook"] {
            assert_eq!(at.world.findings(path).len(), after.findings(path).len(), "{mark}: {:?}", after.findings(path));
            assert!(after.findings(path).iter().all(|finding| finding.severity != hookc_compiler::Severity::Error));
        }
    }
}

/// A script reads an input as a variable, which no check looks into.
#[test]
fn a_renamed_input_is_renamed_in_its_script() {
    let at = at(
        "component get(ur$0l: string) {\n  shell \"\"\"\n  curl \"$HOOK_INPUT_URL\" ${HOOK_INPUT_URL:-x} $HOOK_INPUT_URLS\n  \"\"\"\n}\n\njob j() { op one = get(url: \"u\") }\n",
    );
    let edits = at.world.rename(&at.path, at.at, "address").unwrap();
    let after = at.after(&at.path, &edits);
    assert!(after.contains("curl \"$HOOK_INPUT_ADDRESS\" ${HOOK_INPUT_ADDRESS:-x} $HOOK_INPUT_URLS"), "{after}");
    assert!(after.contains("get(address: string)") && after.contains("get(address: \"u\")"), "{after}");
}

#[test]
fn an_alias_is_renamed_in_its_file_alone() {
    let at = both("when b$0ad(");
    let edits = at.world.rename(&at.path, at.at, "awful").unwrap();
    assert_eq!(edits.len(), 2);
    assert_eq!(at.after("lib.hook", &edits), LIB);
    assert!(at.after("main.hook", &edits).contains("poor as awful"));
    let lib = project(&[("lib.hook", &LIB.replace("condition poor", "condition po$0or")), ("main.hook", MAIN)]);
    let edits = lib.world.rename("lib.hook", lib.at, "weak").unwrap();
    let main = lib.after("main.hook", &edits);
    assert!(main.contains("weak as bad") && main.contains("when bad("), "{main}");
}

#[test]
fn a_rename_that_would_break_is_refused() {
    let refused = |mark: &str, new: &str| both(mark).world.rename("main.hook", both(mark).at, new).unwrap_err();
    assert!(refused("op fi$0t", "tell").contains("declared twice"));
    assert_eq!(refused("op fi$0t", "1x"), "`1x` is not a name");
    assert_eq!(refused("op fi$0t", "a b"), "`a b` is not a name");
    assert_eq!(refused("fi$0xed(outputs.loss, 2)", "x"), "`fixed` is built in");
    assert_eq!(refused("$0import", "x"), "there is no name here");
    assert!(both("op fi$0t").world.prepare_rename("main.hook", both("op fi$0t").at).unwrap().1 == "fit");
}

#[test]
fn imports_follow_files_that_move() {
    let at = project(&[
        ("a/lib.hook", LIB),
        ("a/main.hook", MAIN),
        ("top.hook", "import page from \"./a/lib\"\njob t() { op p = page(text: \"x\") }\n"),
    ]);
    let edits = at.world.file_renames(&[("a/lib.hook".to_owned(), "b/c/parts.hook".to_owned())]);
    let texts: Vec<&str> = edits.iter().map(|edit| edit.text.as_str()).collect();
    assert_eq!(texts, ["\"../b/c/parts\"", "\"./b/c/parts\""]);
    let edits = at.world.file_renames(&[("a/main.hook".to_owned(), "main.hook".to_owned())]);
    assert_eq!(edits.iter().map(|edit| edit.text.as_str()).collect::<Vec<_>>(), ["\"./a/lib\""]);
}

#[test]
fn highlights_show_where_it_is_declared() {
    let at = both("op fi$0t");
    let found = at.world.highlights(&at.path, at.at);
    assert_eq!(found.iter().map(|found| found.write).collect::<Vec<_>>(), [true, false, false, false]);
}

#[test]
fn types_are_found() {
    let at = both("tier: sm$0all");
    let values = at.world.type_definition(&at.path, at.at);
    assert_eq!(places(&at.world, &values), ["lib.hook:3"]);
}

#[test]
fn calls_are_found_both_ways() {
    let at = both("run pa$0ge(");
    let items = at.world.prepare_calls(&at.path, at.at);
    assert_eq!(
        items.iter().map(|item| (item.name.as_str(), item.kind)).collect::<Vec<_>>(),
        [("page", Kind::Component)]
    );
    let callers: Vec<String> = at.world.incoming_calls(&items[0]).into_iter().map(|edge| edge.item.name).collect();
    assert_eq!(callers, ["late", "tell"]);
    let job = both("job night$0ly");
    let item = &job.world.prepare_calls(&job.path, job.at)[0];
    let called: Vec<String> = job.world.outgoing_calls(item).into_iter().map(|edge| edge.item.name).collect();
    assert_eq!(called, ["fit", "tell"]);
    let op = both("op fi$0t");
    let item = &op.world.prepare_calls(&op.path, op.at)[0];
    let called: Vec<String> = op.world.outgoing_calls(item).into_iter().map(|edge| edge.item.name).collect();
    assert_eq!(called, ["late", "train"]);
}

#[test]
fn half_typed_text_still_knows_its_names() {
    let at = at(
        "component train(data: path) -> (loss: float) { exec [\"t\"] }\njob j(d: path) {\n  op fit = tra$0in(data: d,\n  op two = train(data: \n}\n",
    );
    assert_eq!(at.world.definition(&at.path, at.at).len(), 1);
}

#[test]
fn hooks_that_stand_in_place_of_each_other_keep_one_name() {
    let text = |own: &str| {
        format!(
            "component page(text: string) {{ exec [\"p\"] }}\nhook late() for op () on failed run page(text: \"u\")\ncomponent work() {{ exec [\"w\"] }}\njob j() {{\n  each op {{\n    hook la$0te on failed run page(text: \"wide\")\n  }}\n  op a = work() {{\n    {own}\n  }}\n  op b = work() {{\n    drop late\n  }}\n}}\n"
        )
    };
    let at = at(&text("hook late on failed run page(text: \"own\")"));
    let edits = at.world.rename(&at.path, at.at, "night").unwrap();
    assert_eq!(edits.len(), 3, "{edits:?}");
    let used = crate::project::at(&text("use late()"));
    assert!(used.world.rename(&used.path, used.at, "night").unwrap_err().contains("alias"));
}
