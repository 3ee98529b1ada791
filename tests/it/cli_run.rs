//! `hookc run` from outside: what keeps it from starting, what it prints, and what it leaves.

use crate::cli_support::{Folder, Ran};

/// A project whose failure hook needs a secret that only the profile `dev` does without.
const ALERTED: &str = r#"import Webhook, slack from "std/notify"

component breaks() { exec ["false"] }

connection team: Webhook = { url: secret("TEAM_HOOK_OF_A_TEST") }

profile dev {
  connection team = mock
}

job nightly() {
  op fit = breaks() {
    on failed run slack(via: team, text: "it failed")
  }
}
"#;

fn run(text: &str, args: &[&str]) -> Ran {
    let folder = Folder::new(&[("a.hook", text)]);
    folder.run(&[&["run", "a.hook"], args].concat())
}

#[test]
fn a_secret_that_is_missing_is_said_before_anything_starts() {
    let folder = Folder::new(&[("a.hook", ALERTED)]);
    let ran = folder.run(&["run", "a.hook"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    assert!(ran.err.contains("error: the secret `TEAM_HOOK_OF_A_TEST` is missing"), "{}", ran.err);
    assert!(ran.err.contains("`nightly.fit.on_failed`, written at a.hook:13 needs it"), "{}", ran.err);
    assert!(!folder.path().join(".hook").exists());
    let ran = folder.run(&["run", "a.hook", "--profile", "dev"]);
    assert_eq!(ran.code, 1, "the op itself fails: {}", ran.all());
}

#[test]
fn a_dry_run_shows_the_profile_its_mocks_and_each_secret() {
    let ran = run(ALERTED, &["--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.contains("secret TEAM_HOOK_OF_A_TEST is missing"), "{}", ran.out);
    let ran = run(ALERTED, &["--dry-run", "--profile", "dev"]);
    assert!(ran.out.contains("nightly would run with the profile dev"), "{}", ran.out);
    assert!(ran.out.contains("connection team: mocked"), "{}", ran.out);
    assert!(!ran.out.contains("TEAM_HOOK"), "{}", ran.out);
}
