//! Triggers: what starts a job, and with which inputs.

use hookc_grammar::ast::{Arg, Expr, ExprKind, Trigger};
use hookc_plan as plan;
use hookc_plan::OpState;
use smol_str::SmolStr;

use crate::check::expressions::callee::{Callee, Owner};
use crate::check::jobs::event_kind::EventKind;
use crate::check::jobs::job_scope::JobScope;
use crate::check::{Checker, Env, Scope};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::ids::RecordId;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use crate::ty::Ty;

const KINDS: &[&str] = &["after", "schedule", "watch", "webhook"];

impl<'s> Checker<'_, 's> {
    pub(crate) fn triggers(&mut self, job: &JobScope<'_, 's>, triggers: &[(&'s Trigger, u32)]) -> Vec<plan::Trigger> {
        triggers.iter().filter_map(|(trigger, at)| self.trigger(job, trigger, *at)).collect()
    }

    fn trigger(&mut self, job: &JobScope<'_, 's>, trigger: &'s Trigger, at: u32) -> Option<plan::Trigger> {
        let mut scope = Scope::new(job.def.item.file, at, Env::Plain);
        let kind = self.trigger_kind(&mut scope, trigger);
        let event = match &kind {
            Some(plan::TriggerKind::Schedule(_)) => EventKind::Schedule,
            Some(plan::TriggerKind::Watch(_)) => EventKind::Watch,
            Some(plan::TriggerKind::Webhook(_)) => EventKind::Webhook(self.webhook_body(&scope, trigger)),
            Some(plan::TriggerKind::After(_)) => EventKind::After,
            None => EventKind::Unknown,
        };
        let mut scope = Scope::new(job.def.item.file, at, Env::Trigger(event));
        let when = trigger.when.as_ref().map(|when| self.check_clause(&mut scope, when));
        let callee = Callee {
            kind: "job",
            name: &job.def.item.name,
            params: &job.def.inputs,
            place: Some(job.def.item.place),
            positional: false,
            owner: Owner::Job,
        };
        let whole = trigger.name.as_ref().map_or(trigger.span, |name| name.span);
        let args = self.arguments(&mut scope, &callee, trigger.with.as_deref().unwrap_or_default(), whole);
        self.lint_arguments(&scope, &args);
        let name = trigger.name.as_ref()?;
        let when = match when {
            Some(None) => return None,
            Some(when) => when,
            None => None,
        };
        Some(plan::Trigger { name: name.text.clone(), kind: kind?, when, args, span: scope.plan_span(name.span) })
    }

    fn trigger_kind(&mut self, scope: &mut Scope<'_, 's>, trigger: &Trigger) -> Option<plan::TriggerKind> {
        let name = trigger.call.name.as_ref()?;
        let args = &trigger.call.args;
        self.complete_words(scope.place(name.span), Kind::Function, KINDS.iter().copied());
        match name.text.as_str() {
            "schedule" => self.schedule(scope, args, trigger).map(plan::TriggerKind::Schedule),
            "webhook" => self.webhook(scope, args, trigger).map(plan::TriggerKind::Webhook),
            "watch" => {
                let [glob] = self.trigger_args(scope, "watch", args, &["glob"], trigger)?;
                let glob = self.constant_text(scope, glob?, "the pattern of `watch`")?.as_const()?.to_owned();
                Some(plan::TriggerKind::Watch(plan::Watch { glob }))
            }
            "after" => self.after_job(scope, args, trigger).map(plan::TriggerKind::After),
            other => {
                let place = scope.place(name.span);
                let message = format!("unknown trigger `{other}`");
                let help = did_you_mean(other, KINDS.iter().copied())
                    .unwrap_or_else(|| "available triggers: `schedule`, `webhook`, `watch`, `after`".to_owned());
                self.report(Diagnostic::new(diagnostics::BAD_TRIGGER, place, message).help(help));
                None
            }
        }
    }

    /// The arguments of a trigger's kind. The first can be given without its name. `None` after a report.
    fn trigger_args<'e, const N: usize>(
        &mut self,
        scope: &Scope<'_, '_>,
        kind: &str,
        args: &'e [Arg],
        names: &[&str; N],
        trigger: &Trigger,
    ) -> Option<[Option<&'e Expr>; N]> {
        let mut found = [None; N];
        for (position, arg) in args.iter().enumerate() {
            if let Some(span) = arg.label.as_ref().map(|label| label.span).or_else(|| name_span(&arg.value)) {
                self.complete_words(scope.place(span), Kind::Parameter, names.iter().copied());
            }
            let index = match &arg.label {
                Some(label) => names.iter().position(|name| *name == label.text),
                None if position == 0 || (kind == "after" && position == 1) => Some(position),
                None => None,
            };
            let Some(slot) = index.and_then(|index| found.get_mut(index)) else {
                let span = arg.label.as_ref().map_or(arg.span, |label| label.span);
                let place = scope.place(span);
                let message = match &arg.label {
                    Some(label) => format!("`{kind}` has no argument `{}`", label.text),
                    None => format!("arguments of `{kind}` must be named"),
                };
                let help = arg.label.as_ref().and_then(|label| did_you_mean(&label.text, names.iter().copied()));
                self.report(Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place, message).maybe_help(help));
                return None;
            };
            if slot.replace(&arg.value).is_some() {
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(arg.span), "this argument is given twice");
                return None;
            }
        }
        if found.first().is_some_and(Option::is_none) {
            let message = format!("missing argument `{}` for `{kind}`", names.first().copied().unwrap_or_default());
            self.error_at(diagnostics::MISSING_ARGUMENT, scope.place(trigger.call.span), message);
            return None;
        }
        Some(found)
    }

    fn schedule(&mut self, scope: &Scope<'_, '_>, args: &[Arg], trigger: &Trigger) -> Option<plan::Schedule> {
        let [cron, timezone] = self.trigger_args(scope, "schedule", args, &["cron", "timezone"], trigger)?;
        let cron_expr = cron?;
        let cron = self.constant_text(scope, cron_expr, "the cron expression of `schedule`")?.as_const()?;
        if let Err(problem) = crate::cron::check(cron) {
            let place = scope.place(cron_expr.span);
            let diagnostic = Diagnostic::new(diagnostics::BAD_TRIGGER, place, problem);
            self.report(diagnostic.help("write minute, hour, day, month and weekday, as in `0 2 * * *`"));
            return None;
        }
        if !crate::cron::has_next_time(cron) {
            let message = format!("the schedule `{cron}` has no next time: no year has such a date");
            let diagnostic = Diagnostic::new(diagnostics::NEVER_SCHEDULED, scope.place(cron_expr.span), message);
            self.report(diagnostic.help("write a day that the month has, as in `0 0 1 3 *`"));
            return None;
        }
        let timezone = match timezone {
            Some(expr) => {
                let name = self.constant_text(scope, expr, "a time zone")?.as_const()?;
                if plan::Zone::find(name).is_none() {
                    let place = scope.place(expr.span);
                    let message = format!("unknown time zone `{name}`");
                    let diagnostic = Diagnostic::new(diagnostics::BAD_TRIGGER, place, message);
                    self.report(diagnostic.help("write a name such as `Europe/Berlin` or `UTC`"));
                    return None;
                }
                name.to_owned()
            }
            None => "UTC".to_owned(),
        };
        Some(plan::Schedule { cron: cron.to_owned(), timezone })
    }

    fn webhook(&mut self, scope: &mut Scope<'_, 's>, args: &[Arg], trigger: &Trigger) -> Option<plan::Webhook> {
        let [path, body, secret] = self.trigger_args(scope, "webhook", args, &["path", "body", "secret"], trigger)?;
        let path_expr = path?;
        let path = self.constant_text(scope, path_expr, "the path of `webhook`")?.as_const()?;
        if !path.starts_with('/') || path.contains(['?', '#', ' ']) {
            let place = scope.place(path_expr.span);
            let diagnostic = Diagnostic::new(diagnostics::BAD_TRIGGER, place, "this is not a valid URL path");
            self.report(diagnostic.help("begin it with `/`, as in `/landed`"));
            return None;
        }
        let body = match body {
            Some(expr) => {
                let record = self.record_named(scope, expr, true)?;
                Some(self.key(Symbol::Record(record)))
            }
            None => None,
        };
        let secret = match secret {
            Some(expr) => match self.expect(scope, expr, &Ty::Secret).expr.node {
                plan::Node::Secret { name } => Some(name),
                _ => return None,
            },
            None => None,
        };
        Some(plan::Webhook { path: path.to_owned(), body, secret })
    }

    fn webhook_body(&mut self, scope: &Scope<'_, '_>, trigger: &Trigger) -> Option<RecordId> {
        let body = trigger.call.args.iter().find(|arg| arg.label.as_ref().is_some_and(|label| label.text == "body"))?;
        self.record_named(scope, &body.value, false)
    }

    /// The record that an expression names.
    fn record_named(&mut self, scope: &Scope<'_, '_>, expr: &Expr, report: bool) -> Option<RecordId> {
        let name = match &expr.kind {
            ExprKind::Name(name) => name.clone(),
            _ => SmolStr::default(),
        };
        let place = scope.place(expr.span);
        self.complete_symbols(place, &[Kind::Record]);
        match self.lookup(scope.file, &name) {
            Some(symbol @ Symbol::Record(id)) => {
                self.note_symbol(place, symbol);
                if report && self.program.holds_secret(&Ty::Record(id)) {
                    let message = format!("the body of a webhook cannot contain a secret, but record `{name}` does");
                    self.error_at(diagnostics::SECRET_FLOW, scope.place(expr.span), message);
                }
                Some(id)
            }
            _ => {
                if report && !matches!(expr.kind, ExprKind::Error) && !self.program.is_poisoned(scope.file, &name) {
                    self.error_at(diagnostics::UNKNOWN_TYPE, scope.place(expr.span), "expected the name of a record");
                }
                None
            }
        }
    }

    fn after_job(&mut self, scope: &Scope<'_, '_>, args: &[Arg], trigger: &Trigger) -> Option<plan::AfterJob> {
        let [job, state] = self.trigger_args(scope, "after", args, &["job", "state"], trigger)?;
        let job_expr = job?;
        let name = match &job_expr.kind {
            ExprKind::Name(name) => hookc_grammar::ast::Ident { text: name.clone(), span: job_expr.span },
            ExprKind::Error => return None,
            _ => {
                self.error_at(diagnostics::UNKNOWN_JOB, scope.place(job_expr.span), "expected the name of a job");
                return None;
            }
        };
        let id = self.job_named(scope, &name)?;
        let states = match state {
            None => vec![OpState::Succeeded],
            Some(expr) => self.after_job_states(scope, expr)?,
        };
        Some(plan::AfterJob { job: self.key(Symbol::Job(id)), states })
    }

    fn after_job_states(&mut self, scope: &Scope<'_, '_>, expr: &Expr) -> Option<Vec<OpState>> {
        let word = match &expr.kind {
            ExprKind::Name(name) => name.as_str(),
            _ => "",
        };
        self.complete_words(scope.place(expr.span), Kind::Event, ["succeeded", "failed", "stopped", "done"]);
        match word {
            "succeeded" => Some(vec![OpState::Succeeded]),
            "failed" => Some(vec![OpState::Failed]),
            "stopped" => Some(vec![OpState::Stopped]),
            "done" => Some(vec![OpState::Succeeded, OpState::Failed, OpState::Stopped]),
            _ => {
                let place = scope.place(expr.span);
                let diagnostic = Diagnostic::new(diagnostics::BAD_TRIGGER, place, "this is not a final state of a job");
                self.report(diagnostic.help("write `succeeded`, `failed`, `stopped` or `done`"));
                None
            }
        }
    }

    /// The job with this name; `None` after a report.
    pub(crate) fn job_named(
        &mut self,
        scope: &Scope<'_, '_>,
        name: &hookc_grammar::ast::Ident,
    ) -> Option<crate::ids::JobId> {
        self.complete_symbols(scope.place(name.span), &[Kind::Job]);
        match self.lookup(scope.file, &name.text) {
            Some(symbol @ Symbol::Job(id)) => {
                self.note_symbol(scope.place(name.span), symbol);
                Some(id)
            }
            Some(other) => {
                let message = format!("`{}` is {}, not a job", name.text, other.a_kind());
                self.error_at(diagnostics::UNKNOWN_JOB, scope.place(name.span), message);
                None
            }
            None => {
                self.report_unknown_callee(scope, name, SymbolKind::Job, |symbol| matches!(symbol, Symbol::Job(_)));
                None
            }
        }
    }
}

/// The place of a bare name, which may become a label.
fn name_span(expr: &Expr) -> Option<hookc_grammar::Span> {
    matches!(expr.kind, ExprKind::Name(_)).then_some(expr.span)
}
