//! `http` bodies against a server of our own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use hookc_plan::{Body, Event, FieldValue, Http, Provider, Retry, Type};
use hookc_runtime::HookOutcome;
use serde_json::json;

use crate::build::*;
use crate::running::Project;

/// A request as the server saw it: the first line, the headers in lower case, the body.
type Seen = Arc<Mutex<Vec<(String, Vec<String>, String)>>>;

/// Answers each request with the next of `answers`, the last for all that follow.
fn serve(answers: Vec<&'static str>) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { continue };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                    break;
                }
                lines.push(line.trim().to_owned());
            }
            let header =
                |line: &String| line.to_ascii_lowercase().strip_prefix("content-length: ").and_then(|n| n.parse().ok());
            let mut body = vec![0; lines.iter().find_map(header).unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            let first = lines.remove(0);
            log.lock().unwrap().push((first, lines, String::from_utf8(body).unwrap()));
            let answer = answers.get(number).or(answers.last()).unwrap();
            let (head, body) = answer.split_once("\n\n").unwrap_or((answer, ""));
            let head = head.replace('\n', "\r\n");
            let _ =
                write!(stream, "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        }
    });
    (address, seen)
}

fn header(lines: &[String], name: &str) -> Option<String> {
    lines.iter().find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

fn call(url: &str, outputs: &[(&str, Type)], change: impl FnOnce(&mut Http)) -> hookc_plan::Plan {
    let mut request = http("POST", template(vec![text(url), text("/hook")]));
    change(&mut request);
    let mut plan = plan(job("nightly", vec![op("fit", "post").with(|op| op.outputs = fields(outputs))]));
    plan.add("post", component(&[], outputs, Body::Http(Box::new(request))));
    plan.allow_private = true;
    plan
}

#[test]
fn outputs_are_the_keys_of_the_answer_and_the_rest_is_ignored() {
    let (url, seen) = serve(vec!["201 Created\n\n{\"id\": 7, \"more\": [1]}"]);
    let plan = call(&url, &[("id", Type::Int)], |request| {
        request.json = Some(e(
            hookc_plan::Node::MapOf { entries: vec![hookc_plan::Entry { key: "a".into(), value: int(1) }] },
            Type::Json,
        ));
        request.headers.insert("X-Team".into(), text("blue"));
    });
    let done = Project::new().run(plan);
    assert_eq!(done.report.ops[0].outputs["id"], json!(7), "{:#?}", done.report);
    let seen = seen.lock().unwrap();
    let (first, headers, body) = &seen[0];
    assert_eq!((first.as_str(), body.as_str()), ("POST /hook HTTP/1.1", "{\"a\":1}"));
    assert_eq!(header(headers, "x-team").as_deref(), Some("blue"));
    assert_eq!(header(headers, "content-type").as_deref(), Some("application/json"));
    assert_eq!(header(headers, "idempotency-key"), None);
}

#[test]
fn what_is_not_accepted_is_a_failure_and_redirects_are_not_followed() {
    for (answer, message) in [
        ("500 Internal Server Error\n\nbroken", "answered 500 Internal Server Error: broken"),
        ("302 Found\nlocation: /other", "answered 302 Found"),
        ("410 Gone", "answered 410 Gone"),
    ] {
        let (url, seen) = serve(vec![answer]);
        let done = Project::new().run(call(&url, &[], |_| ()));
        assert_eq!(done.failure(), ("http", message.to_owned()));
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
    let (url, _) = serve(vec!["404 Not Found\n\nnot json"]);
    let done = Project::new().run(call(&url, &[], |request| request.accept = hookc_plan::Accept(200, 404)));
    assert_eq!(done.report.exit_code(), 0, "without outputs the body is not read: {:#?}", done.report);
    let (url, _) = serve(vec!["200 OK\n\n{\"id\": \"x\"}"]);
    let done = Project::new().run(call(&url, &[("id", Type::Int)], |_| ()));
    assert_eq!(done.failure().0, "output_type");
}

#[test]
fn private_addresses_and_plain_http_need_the_profiles_word() {
    let (url, seen) = serve(vec!["200 OK"]);
    let mut plan = call(&url, &[], |_| ());
    plan.allow_private = false;
    assert!(Project::new().run(plan).failure().1.contains("does not start with `https://`"));
    for host in [
        "https://127.0.0.1:9",
        "https://localhost:9",
        "https://[::1]:9",
        "https://2130706433:9",
        "https://0x7f.1:9",
        "https://[::ffff:127.0.0.1]:9",
    ] {
        let mut plan = call(host, &[], |_| ());
        plan.allow_private = false;
        let (kind, message) = Project::new().run(plan).failure();
        assert!(
            kind == "http" && (message.contains("not a public address") || message.contains("host")),
            "{host}: {message}"
        );
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn a_hook_is_signed_keeps_its_id_over_tries_and_its_secrets_out_of_sight() {
    let (url, seen) =
        serve(vec!["503 Service Unavailable\nretry-after: 0\n\nat /T0KEN-in-url", "429 Too Many Requests", "200 OK"]);
    let mut hook = tell("page", &[Event::Succeeded], text("ünïcode"));
    hook.component = Some("post".into());
    hook.args.push(arg("via", connection("team")));
    hook.settings.retry = vec![Retry { times: 3, when: None, delay_ms: 10, max_ms: 10 }];
    let mut plan = plan(job("nightly", vec![op("fit", "noop").hook(hook)]));
    let via = read("inputs.via", Type::Record("Webhook".into()));
    let url_of = e(hookc_plan::Node::Field { of: b(via), name: "url".into() }, Type::Secret);
    let mut request = http("POST", url_of);
    request.json = Some(e(
        hookc_plan::Node::MapOf {
            entries: vec![hookc_plan::Entry { key: "text".into(), value: read("inputs.text", Type::String) }],
        },
        Type::Json,
    ));
    request.sign = Some(secret("SIGN"));
    request.headers.insert("Authorization".into(), template(vec![text("Bearer "), secret("SIGN")]));
    plan.add(
        "post",
        component(
            &[("text", Type::String), ("via", Type::Record("Webhook".into()))],
            &[],
            Body::Http(Box::new(request)),
        ),
    );
    plan.webhook("team", FieldValue::Secret("URL".into()));
    plan.secret("URL", Provider::Env);
    plan.secret("SIGN", Provider::Env);
    plan.allow_private = true;
    let secret_url = format!("{url}/T0KEN-in-url");
    let project = Project::new().env("URL", &secret_url).env("SIGN", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let done = project.run(plan);
    let hook = &done.report.hooks[0];
    assert_eq!((hook.outcome, hook.runs[0].tries), (HookOutcome::Delivered, 3), "{:#?}", done.report.hooks);
    let seen = seen.lock().unwrap();
    for (first, headers, body) in seen.iter() {
        assert_eq!((first.as_str(), body.as_str()), ("POST /T0KEN-in-url HTTP/1.1", "{\"text\":\"ünïcode\"}"));
        for name in ["idempotency-key", "webhook-id"] {
            assert_eq!(header(headers, name).as_deref(), Some(hook.runs[0].key.as_str()));
        }
        assert!(header(headers, "webhook-signature").unwrap().starts_with("v1,"));
        assert!(header(headers, "webhook-timestamp").is_some());
        assert_eq!(header(headers, "authorization").as_deref(), Some("Bearer whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    }
    for hidden in ["T0KEN", "MfKQ9r8"] {
        assert!(project.files_with(hidden).is_empty());
        assert!(!serde_json::to_string(&done.report).unwrap().contains(hidden));
    }
}

#[test]
fn a_dead_end_is_not_tried_again() {
    let (url, seen) = serve(vec!["410 Gone"]);
    let mut plan = call(&url, &[], |_| ());
    plan.jobs.get_mut("nightly").unwrap().ops[0].retry = vec![Retry { times: 3, when: None, delay_ms: 1, max_ms: 1 }];
    assert_eq!(Project::new().run(plan).report.ops[0].attempts, 1);
    assert_eq!(seen.lock().unwrap().len(), 1);
}
