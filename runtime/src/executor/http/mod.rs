//! `http` bodies: one request, no redirects, no proxy, 15 seconds.

pub(crate) mod public_address;
pub(crate) mod signature;
mod socket;

use std::time::Duration;

use hookc_plan::Accept;
use hookc_plan::trace::ErrorKind;
use ureq::http::{HeaderMap, Method, Request, StatusCode};
use ureq::unversioned::transport::{Connector as _, RustlsConnector};
use ureq::{Agent, Body};

use crate::task::Failure;

const TIME: Duration = Duration::from_secs(15);
/// The maximum size of an answer.
const ANSWER_LIMIT: u64 = 1024 * 1024;
/// How many characters of a refusal are shown.
const SHOWN: usize = 300;

/// A request, ready to be sent: it holds secrets.
pub(super) struct Call {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// The secret to sign with.
    pub(super) sign: Option<String>,
    /// The id of the delivery. A hook always sends it.
    pub(super) id: String,
    pub(super) hook: bool,
    pub(super) accept: Accept,
    pub(super) allow_private: bool,
    /// Whether the answer's body is wanted.
    pub(super) reads: bool,
}

/// Sends the request and waits; gives the body of an accepted answer. Messages may hold secrets.
pub(super) fn call(call: Call) -> Result<Vec<u8>, Failure> {
    let http = |message: String| Failure::new(ErrorKind::Http, message);
    let secure = call.url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if !secure && !call.allow_private {
        return Err(http("the address does not start with `https://`; a profile can `allow private`".to_owned()));
    }
    let (accept, reads, allow_private) = (call.accept, call.reads, call.allow_private);
    let request = request(call)?;
    let mut answer = agent(allow_private).run(request).map_err(|error| unanswered(&error))?;
    let status = answer.status();
    if !(accept.0..=accept.1).contains(&u32::from(status.as_u16())) {
        return Err(refusal(status, answer.headers().clone(), answer.body_mut()));
    }
    if !reads {
        return Ok(Vec::new());
    }
    let body = answer.body_mut().with_config().limit(ANSWER_LIMIT).read_to_vec();
    body.map_err(|error| http(format!("cannot read the answer: {}", describe(&error))))
}

fn agent(allow_private: bool) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(TIME))
        .proxy(None)
        .user_agent(concat!("hookc/", env!("CARGO_PKG_VERSION")))
        .build();
    let connector = public_address::GuardedConnector { allow_private }.chain(RustlsConnector::default());
    Agent::with_parts(config, connector, public_address::GuardedResolver::new(allow_private))
}

fn request(call: Call) -> Result<Request<Vec<u8>>, Failure> {
    let body = call.body.unwrap_or_default();
    let method = Method::from_bytes(call.method.as_bytes());
    let mut request =
        Request::builder().uri(&call.url).method(method.map_err(|_| input("the method is not a valid HTTP method"))?);
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    if call.hook {
        request = request.header("idempotency-key", &call.id);
    }
    if call.hook || call.sign.is_some() {
        request = request.header("webhook-id", &call.id);
    }
    if let Some(secret) = &call.sign {
        let timestamp = jiff::Timestamp::now().as_second();
        let signature = signature::signature(secret, &call.id, timestamp, &body).ok_or_else(|| {
            Failure::new(ErrorKind::Secret, "the signing secret is not base64, which Standard Webhooks requires")
        })?;
        request = request.header("webhook-timestamp", timestamp.to_string()).header("webhook-signature", signature);
    }
    let mut request = request.body(body).map_err(|_| input("the address is not valid"))?;
    for (name, value) in &call.headers {
        let name = ureq::http::HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| input("the name of a header is not valid"))?;
        let value = value
            .parse()
            .map_err(|_| input("the value of a header contains a character that headers cannot contain"))?;
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

fn input(message: &str) -> Failure {
    Failure::new(ErrorKind::Input, message)
}

fn refusal(status: StatusCode, headers: HeaderMap, body: &mut Body) -> Failure {
    let text = body.with_config().limit(ANSWER_LIMIT).read_to_vec().unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let text: String = text.trim().chars().take(SHOWN).collect();
    let colon = if text.is_empty() { "" } else { ": " };
    let reason = status.canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
    let mut failure = Failure::new(ErrorKind::Http, format!("answered {}{reason}{colon}{text}", status.as_u16()));
    failure.retry_after = headers.get("retry-after").and_then(|value| value.to_str().ok()).and_then(wait);
    failure.temporary = matches!(status.as_u16(), 408 | 425 | 429) || status.is_server_error();
    failure.permanent = status == StatusCode::GONE;
    failure
}

/// The wait that `Retry-After` asks for: seconds, or a date.
fn wait(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    u64::try_from(date.as_second() - jiff::Timestamp::now().as_second()).ok().map(Duration::from_secs)
}

/// A request without an answer. An address that may not be asked is none that does not answer.
fn unanswered(error: &ureq::Error) -> Failure {
    let temporary = match error {
        ureq::Error::Io(error) => error.kind() != std::io::ErrorKind::PermissionDenied,
        ureq::Error::Timeout(_) | ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => true,
        _ => false,
    };
    Failure { temporary, ..Failure::new(ErrorKind::Http, describe(error)) }
}

fn describe(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer within 15 s".to_owned(),
        ureq::Error::BodyExceedsLimit(_) => "the answer is longer than 1 MiB".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}
