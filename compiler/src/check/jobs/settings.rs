//! Settings of ops, of `each op` and of the runs of hooks. Their values are constants.

use hookc_grammar::ast::{Expr, OpEntry, Setting, SettingValue};
use hookc_grammar::{BlockKind, Keyword};
use hookc_plan as plan;
use hookc_plan::{Value, VerbKind};

use crate::check::hooks::context::OpContext;
use crate::check::jobs::each_block::EachBlock;
use crate::check::jobs::job_scope::JobScope;
use crate::check::jobs::op_parts::OpParts;
use crate::check::{Checker, Env, Scope};
use crate::declare::Params;
use crate::diagnostics::{self, Diagnostic};
use crate::sources::FileId;
use crate::ty::Ty;

/// The default first delay of a retry, in milliseconds.
const DELAY_MS: u64 = 1_000;
/// The default maximum delay of a retry, in milliseconds.
const MAX_DELAY_MS: u64 = 600_000;

/// The default timeout of one attempt of a hook, which is also the maximum for gates, in milliseconds.
const HOOK_TIMEOUT_MS: u64 = 60_000;

impl<'p, 's> Checker<'p, 's> {
    /// An op with nothing but its settings. Its own settings take precedence, then those of the last `each op`.
    pub(crate) fn op_settings(
        &mut self,
        job: &JobScope<'p, 's>,
        index: usize,
        parts: &OpParts,
        blocks: &[&EachBlock<'s>],
    ) -> plan::Op {
        let mut settings = plan::Op::default();
        let Some(info) = job.ops.get(index) else {
            return settings;
        };
        let none = Params::default();
        let (inputs, outputs) = info.runs.map_or((&none, &none), |runs| self.signature(runs));
        let context = |event| OpContext {
            events: vec![event],
            inputs,
            outputs,
            parts: Some(parts),
            job: Some((job, index)),
            fan: parts.fan.clone(),
            tools: None,
            retry: event == plan::Event::Retrying,
        };
        let contexts = [context(plan::Event::Retrying), context(plan::Event::Failed)];
        for block in blocks {
            self.settings_of(block.file, block.at, &block.ast.entries, &contexts, &mut settings);
        }
        self.settings_of(job.def.item.file, info.at, &info.ast.entries, &contexts, &mut settings);
        let of_items = [("concurrency", settings.concurrency.is_some()), ("fail_fast", settings.fail_fast)];
        for (word, _) in of_items.into_iter().filter(|(_, given)| *given && info.ast.fan.is_empty()) {
            let message = format!("`{word}` is allowed only on a fan-out, and op `{}` has no `for`", info.name);
            self.error_at(diagnostics::BAD_SETTING, info.place, message);
        }
        if settings.fail_fast && settings.allow_failure {
            let message =
                format!("`fail_fast` has no effect: `allow failure` allows every failure of op `{}`", info.name);
            let diagnostic = Diagnostic::new(diagnostics::BAD_SETTING, info.place, message);
            self.report(diagnostic.help("remove one of the two, or allow some failures alone: `allow failure when …`"));
        }
        settings
    }

    /// The settings in a block. Conditions of `retry` are read on `retrying`, all others on `failed`.
    fn settings_of(
        &mut self,
        file: FileId,
        at: u32,
        entries: &'s [OpEntry],
        [retrying, failed]: &[OpContext<'_, 's>; 2],
        settings: &mut plan::Op,
    ) {
        let mut own_retry = false;
        let mut seen: Vec<&str> = Vec::new();
        for entry in entries {
            let OpEntry::Setting(setting) = entry else { continue };
            let context = if setting.keyword == Some(Keyword::Retry) { retrying } else { failed };
            let mut scope = Scope::new(file, at, Env::Op(context));
            scope.locals = context.fan.clone();
            let word = setting.word.text.as_str();
            if setting.keyword == Some(Keyword::Retry) {
                if !std::mem::replace(&mut own_retry, true) {
                    settings.retry.clear();
                }
            } else if seen.contains(&word) {
                let message = format!("`{word}` is given twice");
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(setting.span), message);
            }
            seen.push(word);
            self.setting(&mut scope, setting, BlockKind::Op, settings);
        }
    }

    fn setting(&mut self, scope: &mut Scope<'_, 's>, setting: &Setting, block: BlockKind, settings: &mut plan::Op) {
        let Some(keyword) = setting.keyword.filter(|word| word.setting().is_some() && word.begins_in(block)) else {
            let of = if block == BlockKind::Op { "an op" } else { "a hook's run" };
            return self.unknown_setting(scope, &setting.word, Keyword::settings_of(block), of);
        };
        match (keyword, &setting.value) {
            (Keyword::Retry, SettingValue::Retry { times, when, backoff, max }) => {
                let retry = self.retry(scope, times, when.as_ref(), backoff.as_ref(), max.as_ref());
                settings.retry.extend(retry);
            }
            (Keyword::Retry, SettingValue::Value(times)) => {
                settings.retry.extend(self.retry(scope, times, None, None, None));
            }
            (Keyword::Allow, SettingValue::Flag) => {
                (settings.allow_failure, settings.allow_failure_when) = (true, None);
            }
            (Keyword::Allow, SettingValue::When(when)) => {
                (settings.allow_failure, settings.allow_failure_when) = (false, self.cond(scope, when));
            }
            (Keyword::Skip, SettingValue::When(when)) => settings.skip_when = self.cond(scope, when),
            (Keyword::FailFast, SettingValue::Flag) => settings.fail_fast = true,
            (Keyword::AtMostOnce, SettingValue::Flag) => settings.at_most_once = true,
            (Keyword::Timeout, SettingValue::Value(value)) => settings.timeout_ms = self.time_setting(scope, value),
            (Keyword::Cache, SettingValue::Value(value)) => settings.cache_ms = self.time_setting(scope, value),
            (Keyword::Concurrency, SettingValue::Concurrency { max, otherwise: None } | SettingValue::Value(max)) => {
                settings.concurrency = self.count_setting(scope, max, 1);
            }
            (Keyword::Concurrency, SettingValue::Concurrency { otherwise: Some(word), .. }) => {
                self.error_at(
                    diagnostics::BAD_SETTING,
                    scope.place(word.span),
                    "`else` is allowed only in the `concurrency` of a job",
                );
            }
            (_, SettingValue::Value(value)) => self.placement(scope, keyword, value, &mut settings.placement),
            _ => {
                let message = format!("this is not a valid form of `{}`", setting.word.text);
                self.error_at(diagnostics::BAD_SETTING, scope.place(setting.span), message);
            }
        }
    }

    fn retry(
        &mut self,
        scope: &mut Scope<'_, 's>,
        times: &Expr,
        when: Option<&Expr>,
        backoff: Option<&Expr>,
        max: Option<&Expr>,
    ) -> Option<plan::Retry> {
        let times = self.count_setting(scope, times, 0);
        let when = when.map(|when| self.cond(scope, when));
        let delay_ms = backoff.map_or(Some(DELAY_MS), |backoff| self.time_setting(scope, backoff));
        let max_ms = max.map_or(Some(MAX_DELAY_MS), |max| self.time_setting(scope, max));
        let (delay_ms, max_ms) = (delay_ms?, max_ms?);
        let when = match when {
            Some(None) => return None,
            Some(when) => when,
            None => None,
        };
        Some(plan::Retry { times: times?, when, delay_ms, max_ms: max_ms.max(delay_ms) })
    }

    /// A positive duration, in milliseconds.
    pub(crate) fn time_setting(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr) -> Option<u64> {
        let Value::Duration(nanos) = self.constant_setting(scope, expr, &Ty::Duration)? else {
            return None;
        };
        let ms = u64::try_from(nanos / 1_000_000).ok().filter(|ms| *ms > 0);
        if ms.is_none() {
            self.error_at(diagnostics::BAD_SETTING, scope.place(expr.span), "expected a duration of at least 1 ms");
        }
        ms
    }

    /// An integer of at least `least`.
    pub(crate) fn count_setting(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, least: u32) -> Option<u32> {
        let Value::Int(count) = self.constant_setting(scope, expr, &Ty::Int)? else {
            return None;
        };
        let count = u32::try_from(count).ok().filter(|count| *count >= least);
        if count.is_none() {
            let message = format!("expected an integer of at least {least}");
            self.error_at(diagnostics::BAD_SETTING, scope.place(expr.span), message);
        }
        count
    }

    fn text_setting(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr) -> Option<String> {
        let value = self.constant_setting(scope, expr, &Ty::String)?;
        value.as_str().map(str::to_owned)
    }

    /// A project that gives its queues a width gives it to all of them.
    fn lint_queue(&mut self, scope: &Scope<'_, '_>, value: &Expr, queue: &str) {
        let known = &self.program.sources.project.queues;
        if known.is_empty() || known.contains_key(queue) {
            return;
        }
        let names: Vec<String> = known.keys().map(|name| format!("`{name}`")).collect();
        let message = format!("`[queues]` of `hook.toml` does not name the queue `{queue}`");
        let help = format!("it names {}: without a width there, this queue has no limit", names.join(", "));
        let place = scope.place(value.span);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_QUEUE, place, message).help(help));
    }

    fn placement(
        &mut self,
        scope: &mut Scope<'_, '_>,
        keyword: Keyword,
        value: &Expr,
        placement: &mut plan::Placement,
    ) {
        match keyword {
            Keyword::Queue => {
                placement.queue = self.text_setting(scope, value);
                if let Some(queue) = &placement.queue {
                    self.lint_queue(scope, value, queue);
                }
            }
            Keyword::Namespace => placement.namespace = self.text_setting(scope, value),
            Keyword::Presets => {
                if let Some(Value::List(items)) = self.constant_setting(scope, value, &Ty::String.list()) {
                    placement.presets = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
                }
            }
            Keyword::Cpu => {
                if let Some(Value::Float(cpu)) = self.constant_setting(scope, value, &Ty::Float) {
                    if cpu.is_finite() && cpu > 0.0 {
                        placement.cpu = Some(cpu);
                    } else {
                        self.error_at(
                            diagnostics::BAD_SETTING,
                            scope.place(value.span),
                            "expected a number of cores above 0",
                        );
                    }
                }
            }
            Keyword::Memory => {
                let Some(text) = self.text_setting(scope, value) else {
                    return;
                };
                placement.memory_bytes = parse_bytes(&text);
                if placement.memory_bytes.is_none() {
                    let place = scope.place(value.span);
                    let message = format!("`{text}` is not a valid amount of memory");
                    let diagnostic = Diagnostic::new(diagnostics::BAD_SETTING, place, message);
                    self.report(diagnostic.help("write a number and a unit, as in `\"4GiB\"` or `\"512MB\"`"));
                }
            }
            _ => placement.gpu = self.count_setting(scope, value, 0),
        }
    }

    /// The settings of a hook's run, including defaults. An observer is retried, a gate is not.
    pub(crate) fn hook_settings(
        &mut self,
        scope: &mut Scope<'_, 's>,
        verb: VerbKind,
        entries: &[Setting],
    ) -> plan::HookSettings {
        let mut settings = plan::Op::default();
        let mut seen: Vec<&str> = Vec::new();
        for setting in entries {
            let word = setting.word.text.as_str();
            if setting.keyword != Some(Keyword::Retry) && seen.contains(&word) {
                let message = format!("`{word}` is given twice");
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(setting.span), message);
            }
            seen.push(word);
            self.setting(scope, setting, BlockKind::HookCall, &mut settings);
            let too_long = setting.keyword == Some(Keyword::Timeout)
                && verb != VerbKind::Run
                && settings.timeout_ms > Some(HOOK_TIMEOUT_MS);
            if too_long {
                self.error_at(
                    diagnostics::BAD_SETTING,
                    scope.place(setting.span),
                    "the maximum timeout of a gate is 60 s",
                );
            }
        }
        plan::HookSettings {
            retry: settings.retry,
            timeout_ms: settings.timeout_ms.or(Some(HOOK_TIMEOUT_MS)),
            placement: settings.placement,
        }
    }
}

/// Whether a setting of the block lets the job succeed although the op does not.
pub(crate) fn may_not_succeed(entries: &[OpEntry]) -> bool {
    entries.iter().any(|entry| match entry {
        OpEntry::Setting(setting) => match setting.keyword {
            Some(Keyword::Allow) => matches!(setting.value, SettingValue::Flag | SettingValue::When(_)),
            keyword => keyword == Some(Keyword::Skip),
        },
        _ => false,
    })
}

/// An amount of memory in bytes: a number and `B`, `KB MB GB TB` (powers of 1,000) or `KiB MiB GiB TiB` (of 1,024).
fn parse_bytes(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let factor: u64 = match unit.trim_start() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).filter(|bytes| *bytes > 0)
}
