//! `hookc compile`, `graph` and `schema`: what is made of a plan.

use serde_json::Value;

use crate::cli_support::Folder;

const NIGHTLY: &str = r#"import log from "std/log"

component fit(data: path, lr: float = 0.01 where lr > 0.0) -> (loss: float, model: path) {
  exec ["python3", "fit.py", data, "--lr", lr]
}

component publish(model: path) { exec ["./publish.sh", model] }

component tidy() { exec ["./tidy.sh"] }

job nightly(data: path = "data.csv") {
  op fit = fit(data: data) {
    retry 2
    on start when !inputs.data.endsWith(".csv") fail "not a CSV file: ${inputs.data}"
    hook poor on succeeded when outputs.loss > 0.9 run log(message: "poor: ${outputs.loss}")
  }
  op ship = publish(model: fit.model) when fit.loss < 0.5
  op clean = tidy() after ship done
  on failed run log(message: "no: 1:20 on")
}
"#;

#[test]
fn a_plan_is_canonical_and_fits_its_schema() {
    let folder = Folder::new(&[("hook.toml", "name = \"p\"\n"), ("nightly.hook", NIGHTLY)]);
    let ran = folder.run(&["compile", "nightly.hook"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.shown());
    assert!(ran.out.ends_with("}\n") && ran.out.lines().count() == 1);
    let plan: Value = serde_json::from_str(&ran.out).unwrap();
    let schema: Value = serde_json::from_str(&folder.run(&["schema"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(folder.run(&["compile", "nightly.hook"]).out, ran.out);
    assert_eq!(plan["project"], "p");
}

#[test]
fn yaml_says_the_same_with_every_text_quoted() {
    let folder = Folder::new(&[("nightly.hook", NIGHTLY)]);
    let json: Value = serde_json::from_str(&folder.run(&["compile", "nightly.hook"]).out).unwrap();
    let text = folder.run(&["compile", "nightly.hook", "--format", "yaml"]).out;
    let yaml: Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(yaml, json);
    for line in text.lines() {
        let value = line.rsplit_once(": ").map_or("", |(_, value)| value).trim_start_matches("- ");
        let plain = value.is_empty()
            || value.starts_with(['\'', '"', '{', '['])
            || matches!(value, "true" | "false" | "null")
            || value.parse::<f64>().is_ok();
        assert!(plain || line.contains("'") || line.contains('"'), "{line}");
    }
}

#[test]
fn a_plan_can_be_written_to_a_folder() {
    let folder = Folder::new(&[("nightly.hook", NIGHTLY)]);
    let ran = folder.run(&["compile", "nightly.hook", "-o", "build/plans"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.shown());
    assert_eq!(folder.read("build/plans/nightly.plan.json"), folder.run(&["compile", "nightly.hook"]).out);
    assert_eq!(folder.run(&["compile", "nightly.hook", "-o", "build/plans"]).code, 0);
}

#[test]
fn a_file_with_mistakes_has_no_plan() {
    let folder = Folder::new(&[("a.hook", "const x = \n")]);
    for command in ["compile", "graph"] {
        let ran = folder.run(&[command, "a.hook"]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.shown());
        assert!(ran.err.contains("H00"), "{}", ran.err);
    }
}

#[test]
fn unknown_jobs_and_profiles_are_refused() {
    let folder = Folder::new(&[("nightly.hook", NIGHTLY)]);
    for args in [["--job", "nightl"], ["--profile", "nowhere"]] {
        let ran = folder.run(&[&["compile", "nightly.hook"], &args[..]].concat());
        assert!(matches!(ran.code, 1 | 2), "{}", ran.shown());
        assert_eq!(ran.out, "");
        assert!(ran.err.contains(args[1]), "{}", ran.err);
    }
}

#[test]
fn only_what_is_built_is_offered() {
    let ran = Folder::new(&[("a.hook", "")]).run(&["compile", "a.hook", "--target", "airflow"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("invalid value 'airflow'"), "{}", ran.err);
}

#[test]
fn a_plan_is_drawn_as_its_source_is() {
    let folder = Folder::new(&[("nightly.hook", NIGHTLY)]);
    let drawn = folder.run(&["graph", "nightly.hook"]).out;
    for format in ["json", "yaml"] {
        let file = format!("nightly.plan.{format}");
        folder.write(&file, folder.run(&["compile", "nightly.hook", "--format", format]).out.as_bytes());
        assert_eq!(folder.run(&["graph", file.as_str()]).out, drawn, "{format}");
        let refused = folder.run(&["graph", file.as_str(), "--job", "nightly"]);
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains("`--job` goes with a .hook file"), "{}", refused.err);
    }
}

#[test]
fn graphs_show_ops_needs_and_hooks() {
    let folder = Folder::new(&[("nightly.hook", NIGHTLY)]);
    for format in ["text", "mermaid", "dot", "json"] {
        let ran = folder.run(&["graph", "nightly.hook", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.shown());
        insta::assert_snapshot!(format!("graph_{format}"), ran.out);
    }
}
