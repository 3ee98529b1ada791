//! `http` bodies.

use std::collections::BTreeMap;

use hookc_grammar::ast::{Expr, ExprKind, Http};
use hookc_plan as plan;

use crate::check::{Checker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ty::Ty;

const METHODS: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// The default status codes of a success.
const SUCCESS: plan::Accept = plan::Accept(200, 299);

impl Checker<'_, '_> {
    pub(crate) fn http(&mut self, scope: &mut Scope<'_, '_>, http: &Http) -> plan::Http {
        if !METHODS.contains(&http.method.text.as_str()) {
            let place = scope.place(http.method.span);
            let message = format!("unknown HTTP method `{}`", http.method.text);
            let help = did_you_mean(&http.method.text, METHODS.iter().copied());
            self.report(Diagnostic::new(diagnostics::BAD_SETTING, place, message).maybe_help(help));
        }
        scope.secrets = true;
        let url = self.address(scope, &http.url);
        let mut headers = BTreeMap::new();
        for header in &http.headers {
            for (name, span, value) in self.text_entries(scope, header, "header") {
                if !is_header(&name) {
                    let message = format!("`{name}` is not a valid name for a header");
                    self.error_at(diagnostics::BAD_CONSTANT, scope.place(span), message);
                }
                if headers.insert(name.clone(), value).is_some() {
                    let message = format!("the header `{name}` is given twice");
                    self.error_at(diagnostics::GIVEN_TWICE, scope.place(span), message);
                }
            }
        }
        scope.secrets = false;
        let json = http.json.as_ref().map(|json| *self.expect(scope, json, &Ty::Json).expr);
        let sign = http.sign.as_ref().map(|sign| *self.expect(scope, sign, &Ty::Secret).expr);
        plan::Http { method: http.method.text.to_string(), url, headers, json, sign, accept: self.accept(scope, http) }
    }

    /// A URL: text, a `uri`, or a secret.
    fn address(&mut self, scope: &mut Scope<'_, '_>, url: &Expr) -> plan::Expr {
        let typed = self.expr(scope, url, Some(&Ty::Uri));
        let typed = self.required(scope, url, typed);
        if let ExprKind::Template(template) = &url.kind {
            let known =
                template.as_const().is_none_or(|text| text.starts_with("https://") || text.starts_with("http://"));
            if !known {
                let place = scope.place(url.span);
                let diagnostic =
                    Diagnostic::new(diagnostics::BAD_CONSTANT, place, "this is not a valid URL for `http`");
                self.report(diagnostic.help("begin it with `https://` or `http://`"));
            }
        }
        match &typed.ty {
            Ty::Uri | Ty::String | Ty::Secret | Ty::Error => *typed.expr,
            other => {
                let message = format!("expected a `uri`, a `string` or a `secret`, found `{}`", self.show(other));
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(url.span), message);
                *Typed { ty: Ty::Error, ..typed }.expr
            }
        }
    }

    fn accept(&mut self, scope: &Scope<'_, '_>, http: &Http) -> plan::Accept {
        let Some((from, to, span)) = http.accept else {
            return SUCCESS;
        };
        if from > to || !(100..=599).contains(&from) || !(100..=599).contains(&to) {
            let place = scope.place(span);
            let diagnostic =
                Diagnostic::new(diagnostics::BAD_SETTING, place, "this is not a valid range of status codes");
            self.report(diagnostic.help("write a range between 100 and 599, as in `accept 200..299`"));
            return SUCCESS;
        }
        plan::Accept(from, to)
    }
}

/// A token of RFC 9110, section 5.6.2.
fn is_header(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
