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

/// What the ops of `text` printed, one line each.
fn printed(text: &str) -> (Ran, String, Folder) {
    let folder = Folder::new(&[("a.hook", text)]);
    let ran = folder.run(&["run", "a.hook", "--jobs", "16"]);
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap_or_default();
    (ran, seen, folder)
}

#[test]
fn a_queue_runs_no_more_at_once_than_its_width() {
    let text = r#"component one(n: int) {
  shell """
    echo "start" >> seen
    sleep 0.05
    echo "end" >> seen
    """
}

job nightly() {
  op many = one(n: n) for n in [1, 2, 3, 4] { queue "gpu" }
  op other = one(n: 5) { queue "gpu" }
}
"#;
    let folder = Folder::new(&[("a.hook", text), ("hook.toml", "[queues]\ngpu = 1\n")]);
    let ran = folder.run(&["run", "a.hook", "--jobs", "16"]);
    assert_eq!((ran.code, folder.read("seen")), (0, "start\nend\n".repeat(5)), "{}", ran.all());
    folder.write("hook.toml", b"[queues]\ngpu = 2\n");
    std::fs::remove_file(folder.path().join("seen")).unwrap();
    assert_eq!(folder.run(&["run", "a.hook", "--jobs", "16"]).code, 0);
    assert!(folder.read("seen").starts_with("start\nstart\nend\n"), "{}", folder.read("seen"));
}

const LOGS: &str = r#"component quiet() { exec ["true"] }

component speaks() {
  shell """
    echo "one"
    sleep 0.1
    echo "two" >&2
    sleep 0.1
    echo "three"
    exit 1
    """
}

component read(log: path?) {
  shell """
    cat "$HOOK_INPUT_LOG" >> seen
    echo "read" >> seen
    """
}

component told(text: string) {
  shell """
    test -f "$HOOK_INPUT_TEXT" && echo "there" >> seen
    """
}

job nightly() {
  op silent = quiet() {
    on succeeded run read(log: op.log)
    on succeeded run told(text: "${op.log}")
  }
  op unread = quiet()
  op loud = speaks() after silent done {
    on failed when op.log != null run read(log: op.log)
  }
}
"#;

#[test]
fn the_log_of_an_attempt_has_both_streams_and_is_there_when_it_is_read() {
    let (ran, seen, folder) = printed(LOGS);
    assert_eq!(ran.code, 1, "{}", ran.all());
    let mut lines: Vec<&str> = seen.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["one", "read", "read", "there", "three", "two"], "{}", ran.all());
    let line =
        ran.out.lines().find_map(|line| line.trim().strip_prefix("log: ")).unwrap_or_else(|| panic!("{}", ran.out));
    assert_eq!(folder.read(line), "one\ntwo\nthree\n");
    let logs = folder.path().join(line).parent().unwrap().to_owned();
    assert!(!logs.join("unread.1.log").exists() && logs.join("silent.1.log").exists());
}

/// Also from a folder below the project, and from beside it.
#[test]
fn the_path_of_a_log_is_one_that_can_be_typed_where_one_stands() {
    let folder = Folder::new(&[("a.hook", "component b() { shell \"echo hi; exit 1\" }\n\njob j() { op a = b() }\n")]);
    folder.write("sub/x", b"");
    for here in [folder.path().join("sub"), std::path::PathBuf::from("/")] {
        let mut command = crate::cli_support::command();
        command.arg("run").arg(folder.path().join("a.hook")).current_dir(&here);
        let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let log = out.lines().find_map(|line| line.trim().strip_prefix("log: ")).unwrap_or_else(|| panic!("{out}"));
        assert_eq!(std::fs::read_to_string(here.join(log)).unwrap(), "hi\n");
    }
}

#[test]
fn what_a_gate_on_end_refused_reaches_nobody_else() {
    let text = r#"component fit(n: float) -> (loss: float) {
  result stdout
  exec ["echo", "{\"loss\": ${n}}"]
}

component keep(losses: list<float?>, text: string) {
  shell """
    echo "$HOOK_INPUT_TEXT $HOOK_INPUT_LOSSES" >> seen
    """
}

job nightly() {
  op sweep = fit(n: n) for n in [1.0, 2.0, 3.0] {
    allow failure
    on end when outputs.loss == 2.0 fail "diverged"
    on end fail "never asked" when false
    on failed run keep(losses: [outputs.loss], text: "own")
  }
  op after_it = keep(losses: sweep.loss ?? [], text: "others")
}
"#;
    let text = text.replace(
        "    on end fail \"never asked\" when false\n",
        "    on end when outputs.loss > 9.0 fail \"too large\"\n",
    );
    let (ran, seen, _folder) = printed(&text);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let mut lines: Vec<&str> = seen.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["others [1.0,null,3.0]", "own [2.0]"], "{}", ran.all());
}

#[test]
fn a_gate_behind_one_that_refused_is_shown_as_not_reached() {
    let text = r#"component b() { exec ["true"] }

job j(n: int = 1) {
  op a = b() {
    on start when job.inputs.n == 1 fail "no"
    on start when job.inputs.n == 2 fail "neither"
    on start run b()
  }
}
"#;
    let text = text.replace("job.inputs.n", "n");
    let ran = run(&text, &[]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    let line = |name: &str| ran.out.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(line("a.on_start ").contains("refused"), "{}", ran.out);
    assert!(line("a.on_start_2 ").contains("not reached"), "{}", ran.out);
}

/// The first failure stops what runs, and nothing more begins: of a fan-out, or of the whole job.
#[test]
fn fail_fast_stops_what_runs() {
    let source = r#"component step(n: int) { exec ["sh", "-c", "test $0 -ne 1 || exit 3; exec sleep 20", n] }
component say() { exec ["true"] }
job fan() {
  op many = step(n: n) for n in [0, 1, 2, 3, 4, 5, 6] {
    concurrency 2
    fail_fast
    on stopped run say()
  }
  op cleanup = say() after many done
}
job whole() {
  fail_fast
  op slow = step(n: 0)
  op bad = step(n: 1)
  op never = say() after bad done
}
"#;
    let folder = Folder::new(&[("a.hook", source)]);
    let began = std::time::Instant::now();
    let fan = folder.run(&["run", "a.hook", "fan"]);
    assert_eq!(fan.code, 1, "{}", fan.shown());
    for line in ["0 of 2 items succeeded", "✓ cleanup", "✓ many.on_stopped"] {
        assert!(fan.out.contains(line), "{line}: {}", fan.shown());
    }
    let whole = folder.run(&["run", "a.hook", "whole"]);
    assert_eq!(whole.code, 1, "{}", whole.shown());
    for line in ["■ slow", "· never"] {
        assert!(whole.out.contains(line), "{line}: {}", whole.shown());
    }
    assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
}

const CONTAINED: &str = r#"component build(n: int, token: secret) -> (n: int) {
  image "alpine:3.20"
  env { TOKEN: token, COLOUR: "blue" }
  shell """
    echo "$COLOUR $TOKEN $HOOK_OP" > seen
    printf '{"n": %d}' "$HOOK_INPUT_N" > "$HOOK_OUTPUTS"
    """
}

component plain() { exec ["true"] }

profile here { secrets exec ["echo", "tok3n-of"] }

job nightly() -> (n: int) {
  op make = build(n: 7, token: secret("KEY")) {
    cpu 2
    memory "1GiB"
    gpu 1
    namespace "team"
  }
  op other = plain() { cpu 4 }
  outputs (n: make.n)
}
"#;

/// A `podman` that notes its arguments, and runs the command behind the image on this machine.
const PODMAN: &str = r#"#!/bin/sh
for arg; do echo "$arg" >> podman.args; done
while [ "$1" != alpine:3.20 ]; do shift; done
shift
exec "$@"
"#;

/// Runs `CONTAINED` with these programs on the `PATH`, beside those of a shell.
fn contained(podman: bool, args: &[&str]) -> (Folder, Ran) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("a.hook", CONTAINED), ("bin/x", "")]);
    for program in ["sh", "echo", "true"] {
        std::os::unix::fs::symlink(format!("/bin/{program}"), folder.path().join("bin").join(program)).unwrap();
    }
    if podman {
        let path = folder.write("bin/podman", PODMAN.as_bytes());
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = crate::cli_support::command();
    command.args(["run", "a.hook", "--profile", "here"]).args(args);
    let output = command.current_dir(folder.path()).env("PATH", folder.path().join("bin")).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
    (folder, ran)
}

#[test]
fn an_image_runs_in_a_container_with_the_steps_files_and_environment() {
    let (folder, ran) = contained(true, &[]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(folder.read("seen").starts_with("blue tok3n-of KEY make"), "{}", folder.read("seen"));
    let args = folder.read("podman.args");
    let root = folder.path().canonicalize().unwrap().display().to_string();
    for option in [
        "run".to_owned(),
        "--rm".to_owned(),
        "--userns=keep-id".to_owned(),
        format!("--volume={root}:{root}"),
        format!("--workdir={root}"),
        "--cpus=2".to_owned(),
        "--memory=1073741824b".to_owned(),
        "--gpus=1".to_owned(),
        "--env=TOKEN".to_owned(),
        "--env=HOOK_INPUTS".to_owned(),
        "--env=HOOK_INPUT_N".to_owned(),
    ] {
        assert!(args.lines().any(|line| line == option), "{option} in\n{args}");
    }
    assert!(args.lines().any(|line| line.starts_with("--user=")), "{args}");
    assert!(!args.contains("tok3n") && !args.contains("--env=PATH"), "{args}");
    let note = "not applied on this machine: `namespace` of `nightly.make`, `cpu` of `nightly.other`";
    assert_eq!(ran.err.matches(note).count(), 1, "{}", ran.err);
}

#[test]
fn an_image_without_a_container_engine_is_refused_unless_the_host_is_asked_for() {
    let (folder, ran) = contained(false, &[]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    assert!(ran.err.contains("`nightly.make` runs in a container, and neither `podman` nor `docker`"), "{}", ran.err);
    assert!(ran.err.contains("written at a.hook:15") && ran.err.contains("`--host`"), "{}", ran.err);
    assert!(!folder.path().join(".hook").exists());
    let (_, ran) = contained(false, &["--dry-run"]);
    assert!(ran.code == 0 && ran.out.contains("runs in a container"), "{}", ran.all());
    let (folder, ran) = contained(true, &["--host"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(!folder.path().join("podman.args").exists());
    let note = "run on this machine and not in a container: `nightly.make`";
    assert_eq!(ran.err.matches(note).count(), 1, "{}", ran.err);
}

#[test]
fn the_container_of_a_killed_step_is_removed_and_an_exit_code_is_the_steps() {
    use std::os::unix::fs::PermissionsExt as _;
    let source = r#"component slow() { image "alpine:3.20" shell "sleep 30" }
component bad() { image "alpine:3.20" shell "exit 7" }
job j() {
  op a = slow() { timeout 500ms queue "gpu" }
  op b = bad()
  op c = inner() { queue "gpu" }
}
job inner() { op x = fine() }
component fine() { exec ["true"] }
"#
    .replace(" shell", "\n  shell")
    .replace(" queue", "\n  queue");
    let folder = Folder::new(&[("a.hook", source.as_str()), ("bin/x", "")]);
    let podman = folder.write(
        "bin/podman",
        PODMAN.replace("#!/bin/sh", "#!/bin/sh\n[ $1 = rm ] && echo \"$*\" > removed && exit").as_bytes(),
    );
    std::fs::set_permissions(podman, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.path().join("bin").display());
    let mut command = crate::cli_support::command();
    let output = command.args(["run", "a.hook", "j"]).current_dir(folder.path()).env("PATH", path).output().unwrap();
    let all = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(1), "{all}");
    assert!(all.contains("exit code 7"), "{all}");
    let args = folder.read("podman.args");
    let removed = folder.read("removed");
    let name = removed.trim().strip_prefix("rm --force ").unwrap();
    assert!(args.lines().any(|line| line == format!("--name={name}")), "{removed} in {args}");
    assert!(all.contains("not applied on this machine: `queue` of `j.c`"), "{all}");
}
