//! `hookc test` of agents: calls and steps are given, gates and hooks on them are decided as in a run.

use crate::cli_support::{Folder, Ran, assert_harmless};

const JOB: &str = r#"component search(query: string, limit: int = 10 where limit > 0) -> (hits: list<string>, more: string?) {}
component send(to: string) -> (id: string) { exec ["send", to] }
component rewrite(query: string) -> (query: string) { exec ["rewrite", query] }
component limited(n: int) -> (limit: int) { exec ["limited", string(n)] }
component clean(hits: list<string>) -> (hits: list<string>) { exec ["clean"] }
component allowed(to: string) { exec ["allowed", to] }
component note(text: string) { exec ["note", text] }

agent helper(question: string) -> (answer: string) {
  python "agent:main"
  tools [search, send]
}

job ask_it(question: string = "?") {
  op help = helper(question: question) {
    retry 2
    hook long on tool_start(search) when size(payload.query) > 20 fail "ask for less than ${payload.query}"
    hook mend on tool_start(search) when payload.query == "rewrite" modify rewrite(query: payload.query)
    hook widen on tool_start(search) when payload.query == "widen" modify limited(n: payload.limit)
    hook sure on tool_start(send) require allowed(to: payload.to)
    hook early on tool_start(send) when size(steps) == 1 && step.calls.exists(c, c.tool == "search") warn "searched before"
    hook any on tool_start, tool_end run note(text: "${tool.name} in step ${step.number}")
    hook tidy on tool_end(search) when size(output.hits) > 1 modify clean(hits: output.hits)
    hook found on tool_end(search) run note(text: "${payload.query}: ${output.hits}, ${payload.limit}")
    hook long_run on step_start when step.number > 20 fail "too many steps"
    hook said on step_end when step.text != null run note(text: "${step.number}: ${step.text} ${size(step.calls)}")
    hook empty on end when outputs.answer == "" fail "no answer"
    hook guessed on end when outputs.answer == "guess" && !steps.exists(s, s.text == "found")
      fail "found nothing in ${size(steps)} steps"
    hook counted on end run note(text: "${size(steps)} steps")
    hook again on retrying run note(text: "again ${op.attempt}")
    hook done on done run note(text: "it is ${op.status}")
  }
}

job many(questions: list<string>) {
  op help = helper(question: q) for q in questions {
    hook found on tool_start(search) when payload.query == q run note(text: "${op.item ?? -1}: ${q}")
  }
}
"#;

fn play_for(head: &str, lines: &str) -> Ran {
    let text = format!("{JOB}\ntest \"it\" for {head} {{\n{lines}\n}}\n");
    Folder::new(&[("job.hook", &text)]).run(&["test"])
}

#[track_caller]
fn holds_for(head: &str, lines: &str) {
    let ran = play_for(head, lines);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.out.ends_with("\n1 passed, 0 failed\n"), "{}", ran.shown());
}

#[track_caller]
fn holds(lines: &str) {
    holds_for("ask_it()", lines);
}

#[track_caller]
fn fails(lines: &str) -> String {
    let ran = play_for("ask_it()", lines);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.shown());
    assert!(ran.out.ends_with("\n0 passed, 1 failed\n"), "{}", ran.shown());
    ran.out
}

#[test]
fn what_an_agent_did_is_known_at_its_end() {
    holds(
        r#"
      given help step_start
      given help tool_start(send) (to: "a@b")
      given help tool_end(send) (id: "1")
      given help step_end (text: "sent")
      given help succeeded (answer: "guess")
      expect help refused "found nothing in 1 steps"
      expect help failed
    "#,
    );
    holds(
        r#"
      given help step_start
      given help tool_start(search) (query: "q")
      given help tool_end(search) (hits: ["a"])
      given help step_end (text: "found")
      given help step_start
      given help step_end
      given help succeeded (answer: "guess")
      expect help not refused
      expect help.counted ran (text: "2 steps")
      expect help succeeded
    "#,
    );
}

#[test]
fn calls_are_refused_and_the_agent_goes_on() {
    holds(
        r#"
      given help tool_start(search) (query: "a text that is far too long")
      given help tool_start(search) (query: "short")
      given help tool_end(search) (hits: ["a"])
      given help succeeded (answer: "42")
      expect help tool_start(search) refused "ask for less than a text that is far too long"
      expect help tool_start refused
      expect help tool_start(send) not refused
      expect help tool_end not refused
      expect help.long ran "ask for less than a text that is far too long"
      expect help.any ran (text: "search in step 1")
      expect help.any not ran (text: "send in step 1")
      expect help.found ran (text: "short: [\"a\"], 10")
      expect help not refused
      expect help not modified
      expect help succeeded
      expect job succeeded
    "#,
    );
}

#[test]
fn gates_replace_what_a_tool_is_given_and_what_it_answers() {
    holds(
        r#"
      given help tool_start(search) (query: "rewrite")
      given help tool_end(search) (hits: ["a", "b"])
      given help.mend succeeded (query: "better")
      given help.tidy succeeded (hits: ["a"])
      given help succeeded (answer: "42")
      expect help.mend ran (query: "rewrite")
      expect help tool_start(search) modified (query: "better", limit: 10)
      expect help tool_start(search) not modified (query: "rewrite")
      expect help tool_end(search) modified (hits: ["a"])
      expect help.found ran (text: "better: [\"a\"], 10")
      expect help not modified
    "#,
    );
}

#[test]
fn what_a_gate_makes_must_keep_the_rules_of_the_tool() {
    holds(
        r#"
      given help tool_start(search) (query: "widen", limit: 5)
      given help.widen succeeded (limit: 0)
      given help succeeded (answer: "42")
      expect help.widen ran (n: 5)
      expect help tool_start(search) refused "gate `widen`: `limit` is 0, which does not satisfy `where limit > 0`"
    "#,
    );
}

#[test]
fn a_tool_is_required_to_be_allowed() {
    holds(
        r#"
      given help tool_start(search) (query: "x")
      given help tool_end(search) (hits: [])
      given help tool_start(send) (to: "me")
      given help tool_end(send) (id: "1")
      given help succeeded (answer: "42")
      expect help.sure ran (to: "me")
      expect help.early ran "searched before"
      expect help.any ran (text: "send in step 1")
    "#,
    );
    holds(
        r#"
      given help tool_start(send) (to: "you")
      given help.sure failed (message: "a stranger")
      given help succeeded (answer: "42")
      expect help tool_start(send) refused "gate `sure` refused: a stranger"
      expect help.early not ran
      expect help.any not ran
    "#,
    );
}

#[test]
fn steps_are_counted_or_numbered() {
    holds(
        r#"
      given help step_start
      given help tool_start(search) (query: "x")
      given help step_end (text: "looking")
      given help step_start
      given help tool_start(send) (to: "me")
      given help step_end
      given help step_start (number: 20)
      given help step_end (text: "late")
      given help step_start
      given help succeeded (answer: "42")
      expect help.said ran (text: "1: looking 1")
      expect help.any ran (text: "send in step 2")
      expect help.said not ran (text: "2: looking 1")
      expect help.said ran (text: "20: late 0")
      expect help step_start refused "too many steps"
      expect help step_end not refused
    "#,
    );
}

#[test]
fn an_agent_acts_in_the_attempt_that_ends_as_given() {
    holds(
        r#"
      given help tool_start(search) (query: "x")
      given help retrying 1 then succeeded (answer: "")
      expect help.again ran (text: "again 1")
      expect help.again not ran (text: "again 2")
      expect help.any ran (text: "search in step 1")
      expect help refused "no answer"
      expect help.done ran (text: "it is failed")
    "#,
    );
    holds(
        r#"
      given help tool_start(search) (query: "x")
      given help stopped
      expect help.any ran
      expect help stopped
      expect job stopped
    "#,
    );
    holds(
        r#"
      given help tool_start(search) (query: "x")
      given help skipped
      expect help.any not ran
      expect help tool_start not refused
    "#,
    );
}

#[test]
fn items_do_what_their_own_lines_say() {
    holds_for(
        r#"many(questions: ["a", "b", "c"])"#,
        r#"
      given help tool_start(search) (query: "a")
      given help[1] tool_start(search) (query: "b")
      given help succeeded (answer: "42")
      expect help[0].found ran (text: "0: a")
      expect help[1].found ran (text: "1: b")
      expect help[2].found not ran
      expect help[2] tool_start(search) not refused
    "#,
    );
}

#[test]
fn an_agent_that_acts_still_needs_its_end() {
    let told = fails(r#"given help tool_start(search) (query: "x")"#);
    assert!(told.contains("op `help` runs, but no outcome is given"), "{told}");
    let told = fails("given help tool_start(search) (query: \"rewrite\")\n  given help succeeded (answer: \"42\")");
    assert!(told.contains("gate `help.mend` runs, but no outcome is given"), "{told}");
}

#[test]
fn what_follows_from_a_refusal_does_not_happen() {
    let told = fails(
        r#"given help tool_start(search) (query: "a text that is far too long")
      given help tool_end(search) (hits: [])
      given help step_start (number: 21)
      given help tool_start(send) (to: "me")
      given help step_end
      given help step_start (number: 3)
      given help tool_start(send) (to: "me")
      given help succeeded (answer: "42")
      expect help failed"#,
    );
    for line in [
        "`tool_end` does not happen: its call was refused",
        "`tool_start` does not happen: its step was refused",
        "`step_end` does not happen: its step was refused",
    ] {
        assert_eq!(told.matches(line).count(), 1, "{line}: {told}");
    }
    assert!(!told.contains("`help` is `succeeded`"), "a consequence is told too: {told}");
}

#[test]
fn what_does_not_hold_is_shown_with_its_reasons() {
    let told = fails(
        r#"
      given help tool_start(search) (query: "rewrite")
      given help tool_end(search) (hits: ["a"])
      given help.mend succeeded (query: "better")
      given help tool_start(search) (query: "a text that is far too long")
      given help step_start
      given help succeeded (answer: "42")
      expect help tool_start(send) refused
      expect help tool_start(search) refused "no"
      expect help tool_start(search) not refused
      expect help tool_start(search) modified (query: "worse")
      expect help tool_end(search) modified
      expect help step_start refused
      expect help.tidy ran
      expect help.said ran
    "#,
    );
    assert_harmless(&told);
    insta::assert_snapshot!(told);
}
