//! One attempt of a component: prepares its inputs, runs its body, checks its outputs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Body, Component, Context, EvalError, ExecItem, Expr, Http, Name, Program, Slot, Type, Value};
use tokio::sync::watch;

use super::container::{self, Container};
use super::shared::Shared;
use super::typed_paths::map_paths;
use super::{http, outputs, process, process_lifetime, python};
use crate::task::{Failure, Kill, TaskOutcome, TaskStart};
use crate::values::Values;

/// A longer value is only in the inputs file.
const LONGEST_ELEMENT: usize = 96 * 1024;

/// Variables that belong to one attempt, and are not inherited from a run around this one.
const OWN: [&str; 6] = ["HOOK_RUN", "HOOK_OP", "HOOK_INPUTS", "HOOK_OUTPUTS", "HOOK_WORK", "HOOK_DELIVERY"];
const INPUT: &str = "HOOK_INPUT_";

/// An attempt, ready to run.
pub(super) struct Attempt<'a> {
    pub(super) shared: &'a Shared,
    pub(super) start: &'a TaskStart,
    pub(super) component: &'a Component,
    /// The inputs, their paths absolute; secrets by name.
    pub(super) inputs: Values,
    pub(super) cwd: PathBuf,
    pub(super) work: PathBuf,
    pub(super) inputs_file: PathBuf,
    pub(super) outputs_file: PathBuf,
    label: String,
    kill: watch::Receiver<Option<Kill>>,
}

/// Runs the component to its end. Messages may still hold secrets.
pub(super) async fn run(
    shared: &Shared,
    start: &TaskStart,
    mut kill: watch::Receiver<Option<Kill>>,
    started: impl FnOnce(u32),
) -> TaskOutcome {
    let run = async {
        let attempt = Attempt::prepare(shared, start, kill.clone())?;
        let bodies = &attempt.component.bodies;
        let body = bodies.iter().find(|body| !matches!(body, Body::External(_) | Body::Ask(_)));
        match body {
            Some(Body::Exec(items)) => {
                let argv = attempt.argv(items)?;
                attempt.process(argv, BTreeMap::new(), None, kill.clone(), started).await
            }
            Some(Body::Shell(script)) => {
                let argv = ["/bin/sh", "-e", "-c", script].map(OsString::from).to_vec();
                attempt.process(argv, attempt.input_variables()?, None, kill.clone(), started).await
            }
            Some(Body::Python(function)) => python::run(&attempt, function, kill.clone(), started).await,
            Some(Body::Http(request)) => tokio::select! {
                ended = attempt.request(request) => ended,
                _ = kill.wait_for(Option::is_some) => Err(Failure::new(ErrorKind::Signal, "stopped")),
            },
            _ => Err(Failure::new(ErrorKind::Spawn, "the component has no body that can run here")),
        }
    };
    run.await.unwrap_or_else(TaskOutcome::failed)
}

impl<'a> Attempt<'a> {
    fn prepare(
        shared: &'a Shared,
        start: &'a TaskStart,
        kill: watch::Receiver<Option<Kill>>,
    ) -> Result<Attempt<'a>, Failure> {
        let component = shared.plan.components.get(&start.component);
        let component = component.ok_or_else(|| spawn(format!("the plan has no component `{}`", start.component)))?;
        let label = label(start);
        let work = shared.folder.work(&label, start.number);
        let types = component.inputs.iter().map(|field| (&field.name, &field.ty)).collect::<BTreeMap<_, _>>();
        let absolute = |(name, value): (&Name, &Value)| {
            let value = types.get(name).map_or_else(|| value.clone(), |ty| absolute(value, ty, shared));
            (name.clone(), value)
        };
        let mut attempt = Attempt {
            shared,
            start,
            component,
            inputs: start.inputs.iter().map(absolute).collect(),
            cwd: shared.folder.root.clone(),
            inputs_file: work.with_extension("inputs.json"),
            outputs_file: work.with_extension("outputs.json"),
            work,
            label,
            kill,
        };
        if let Some(cwd) = &component.cwd {
            let cwd = attempt.text(cwd, "cwd")?;
            attempt.cwd = attempt.cwd.join(cwd);
        }
        attempt.write_files()?;
        Ok(attempt)
    }

    fn write_files(&self) -> Result<(), Failure> {
        let inputs = Value::map(self.inputs.iter().map(|(name, value)| (name.clone(), value.clone())));
        let json = inputs.to_json().map_err(|error| input(format!("cannot write the inputs as JSON: {error}")))?;
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(&self.work)?;
            private_file(&self.inputs_file)?.write_all(json.to_string().as_bytes())
        };
        write().map_err(|error| spawn(format!("cannot write to {}: {error}", self.work.display())))
    }

    /// Runs a process, and reads its outputs.
    pub(super) async fn process(
        &self,
        argv: Vec<OsString>,
        variables: BTreeMap<OsString, OsString>,
        stdin: Option<Vec<u8>>,
        kill: watch::Receiver<Option<Kill>>,
        started: impl FnOnce(u32),
    ) -> Result<TaskOutcome, Failure> {
        let environment = self.environment(variables).await?;
        let program = argv.first().map(|program| program.to_string_lossy().into_owned()).unwrap_or_default();
        let container = self.container(stdin.is_some())?;
        let argv = match &container {
            Some(container) => container.command(argv, container::variables(&environment, self.component)),
            None => argv,
        };
        let request = process::Request { argv, cwd: self.cwd.clone(), environment, talks: stdin.is_some() };
        let job = process_lifetime::Job {
            request,
            input: stdin,
            log: self.shared.folder.log(&self.label, self.start.number),
            patterns: self.shared.secrets.patterns(),
            grace: self.shared.grace,
        };
        let killed = kill.clone();
        let finished =
            process_lifetime::run(job, kill, started).await.map_err(|error| self.not_started(&program, &error))?;
        if let Some(container) = container.filter(|_| killed.borrow().is_some()) {
            container.remove().await;
        }
        if let Some(error) = &finished.log_error {
            self.shared.warn(error.clone());
        }
        Ok(outputs::collect(self, &finished))
    }

    /// The program that runs `python` bodies. That of `hook.toml` is one of this machine.
    pub(super) fn python(&self) -> &str {
        let contained = self.shared.engine.is_some() && self.component.image.is_some();
        if contained { "python3" } else { &self.shared.python }
    }

    /// The container that the body runs in, if it is one with an `image`.
    fn container(&self, talks: bool) -> Result<Option<Container<'_>>, Failure> {
        let (Some(engine), Some(image)) = (&self.shared.engine, &self.component.image) else { return Ok(None) };
        Ok(Some(Container {
            engine,
            name: format!("hookc-{}-{}", self.start.delivery, self.start.number),
            image: self.text(image, "image")?,
            root: &self.shared.folder.root,
            cwd: &self.cwd,
            placement: &self.start.placement,
            talks,
        }))
    }

    fn not_started(&self, program: &str, error: &std::io::Error) -> Failure {
        if !self.cwd.is_dir() {
            return spawn(format!("the folder {} does not exist", self.cwd.display()));
        }
        spawn(format!("cannot start `{program}`: {error}"))
    }

    fn argv(&self, items: &[ExecItem]) -> Result<Vec<OsString>, Failure> {
        let mut argv = Vec::new();
        for item in items {
            match item {
                ExecItem::One(expr) => argv.push(element(&self.value(expr, "an argument")?)?),
                ExecItem::Spread(spread) => match self.value(&spread.spread, "a list of arguments")? {
                    Value::List(values) => {
                        for value in values.iter() {
                            argv.push(element(value)?);
                        }
                    }
                    _ => return Err(input("a list of arguments is null".to_owned())),
                },
            }
        }
        Ok(argv)
    }

    /// The variables that give a script its inputs.
    fn input_variables(&self) -> Result<BTreeMap<OsString, OsString>, Failure> {
        let mut variables = BTreeMap::new();
        for (name, value) in
            self.inputs.iter().filter(|(_, value)| !value.is_null() && !matches!(value, Value::Secret(_)))
        {
            let text = value.to_text().map_err(|error| input(format!("cannot write `{name}` as text: {error}")))?;
            if text.contains('\0') {
                return Err(input(format!("`{name}` contains a NUL byte, which environment variables cannot hold")));
            }
            if text.len() <= LONGEST_ELEMENT {
                variables.insert(format!("{INPUT}{}", name.to_uppercase()).into(), text.as_str().into());
            }
        }
        Ok(variables)
    }

    async fn environment(
        &self,
        variables: BTreeMap<OsString, OsString>,
    ) -> Result<BTreeMap<OsString, OsString>, Failure> {
        let secret = |name: &OsString| self.shared.plan.secrets.iter().any(|secret| *name == *secret.name);
        let own = |name: &OsString| name.to_str().is_some_and(|name| OWN.contains(&name) || name.starts_with(INPUT));
        let inherited = self.shared.environment.iter().filter(|(name, _)| !secret(name) && !own(name));
        let mut environment: BTreeMap<OsString, OsString> =
            inherited.map(|(name, value)| (name.clone(), value.clone())).collect();
        environment.extend(variables);
        let mut set =
            |name: &str, value: &dyn AsRef<std::ffi::OsStr>| environment.insert(name.into(), value.as_ref().into());
        set("HOOK_RUN", &self.shared.run);
        set("HOOK_OP", &self.start.op);
        set("HOOK_INPUTS", &self.inputs_file);
        set("HOOK_OUTPUTS", &self.outputs_file);
        set("HOOK_WORK", &self.work);
        if self.start.hook.is_some() {
            set("HOOK_DELIVERY", &self.start.delivery);
        }
        for (name, expr) in &self.component.env {
            let value = self.revealed_text(expr, &format!("env {name}")).await?;
            if value.contains('\0') {
                return Err(input(format!(
                    "the variable `{name}` contains a NUL byte, which environment variables cannot hold"
                )));
            }
            environment.insert(name.as_str().into(), value.into());
        }
        Ok(environment)
    }

    async fn request(&self, request: &Http) -> Result<TaskOutcome, Failure> {
        let mut headers = Vec::new();
        for (name, value) in &request.headers {
            headers.push((name.to_string(), self.revealed_text(value, &format!("header {name}")).await?));
        }
        let body = match &request.json {
            Some(json) => {
                let value = self.value(json, "json")?;
                let json = value.to_json().map_err(|error| input(format!("cannot write the body as JSON: {error}")))?;
                Some(json.to_string().into_bytes())
            }
            None => None,
        };
        let sign = match &request.sign {
            Some(secret) => Some(self.revealed_text(secret, "sign").await?),
            None => None,
        };
        let call = http::Call {
            method: request.method.clone(),
            url: self.revealed_text(&request.url, "url").await?,
            headers,
            body,
            sign,
            id: self.start.delivery.clone(),
            hook: self.start.hook.is_some(),
            accept: request.accept,
            allow_private: self.shared.plan.allow_private,
            reads: !self.component.outputs.is_empty(),
        };
        let answer = tokio::task::spawn_blocking(move || http::call(call)).await;
        let answer = answer.map_err(|_| Failure::new(ErrorKind::Http, "the request was interrupted"))??;
        outputs::answered(self, &answer).map(TaskOutcome::succeeded)
    }

    /// The value of an expression of the body; secrets stay names.
    fn value(&self, expr: &Expr, what: &str) -> Result<Value, Failure> {
        let program = Program::with_types(expr, &self.shared.plan.types);
        program.run_with(self).map_err(|error| evaluation(what, error))
    }

    fn text(&self, expr: &Expr, what: &str) -> Result<String, Failure> {
        let text = self.value(expr, what)?.to_text();
        text.map(|text| text.to_string()).map_err(|error| evaluation(what, error))
    }

    /// The text of an expression, with secrets in plain text. Only the secrets that it needs are fetched.
    pub(super) async fn revealed_text(&self, expr: &Expr, what: &str) -> Result<String, Failure> {
        let program = Program::with_types(expr, &self.shared.plan.types);
        let values = program.values(self);
        let mut known: BTreeMap<Name, Arc<str>> = BTreeMap::new();
        loop {
            // Not borrowed while the secret is fetched below.
            let (result, missing) = {
                let missing = RefCell::new(None);
                let reveal = |name: &str| match known.get(name) {
                    Some(secret) => Some((&**secret).into()),
                    None => {
                        missing.borrow_mut().get_or_insert_with(|| Name::from(name));
                        None
                    }
                };
                (program.run_revealed(&values, &reveal), missing.take())
            };
            match (result, missing) {
                (Ok(value), _) => {
                    return value.to_text().map(|text| text.to_string()).map_err(|error| evaluation(what, error));
                }
                (Err(_), Some(name)) => {
                    let secret = self.secret(&name).await?;
                    known.insert(name, secret);
                }
                (Err(error), None) => return Err(evaluation(what, error)),
            }
        }
    }

    /// The value of a secret.
    pub(super) async fn secret(&self, name: &Name) -> Result<Arc<str>, Failure> {
        let mut kill = self.kill.clone();
        tokio::select! {
            secret = self.shared.secrets.fetch(name) => {
                secret.map_err(|error| Failure::new(ErrorKind::Secret, error.to_string()))
            }
            // A provider may be slow; a run that is stopped does not wait for it.
            Ok(_) = kill.wait_for(Option::is_some) => Err(Failure::new(ErrorKind::Signal, "stopped")),
        }
    }
}

impl Context for Attempt<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        match slot {
            Slot::Ctx(hookc_plan::Path::Input(name)) => self.inputs.get(name).cloned(),
            _ => None,
        }
    }
}

/// The label of this task in file names.
fn label(start: &TaskStart) -> String {
    let op = start.op.replace('[', ".").replace(']', "");
    let op = match start.item {
        Some(item) => format!("{op}.{item}"),
        None => op,
    };
    match &start.hook {
        Some(hook) if op.is_empty() => format!("{}.{}", hook.name, start.delivery),
        Some(hook) => format!("{op}.{}.{}", hook.name, start.delivery),
        None => op,
    }
}

/// `value` with every path in it absolute.
fn absolute(value: &Value, ty: &Type, shared: &Shared) -> Value {
    let root = |path: &str| Ok(Value::text(shared.folder.root.join(path).to_string_lossy()));
    // Nothing is refused, so there is always a value.
    map_paths(&shared.plan.types, ty, value, &root).unwrap_or_else(|_| value.clone())
}

fn element(value: &Value) -> Result<OsString, Failure> {
    let text = value.to_text().map_err(|error| evaluation("an argument", error))?;
    if text.contains('\0') {
        return Err(input("an argument contains a NUL byte, which programs cannot receive".to_owned()));
    }
    if text.len() > LONGEST_ELEMENT {
        return Err(input(format!(
            "an argument has {} KiB; values of more than 96 KiB are only in `$HOOK_INPUTS`",
            text.len() / 1024
        )));
    }
    Ok(text.as_str().into())
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn evaluation(what: &str, error: EvalError) -> Failure {
    input(format!("cannot evaluate {what}: {error}"))
}

fn input(message: String) -> Failure {
    Failure::new(ErrorKind::Input, message)
}

fn spawn(message: String) -> Failure {
    Failure::new(ErrorKind::Spawn, message)
}
