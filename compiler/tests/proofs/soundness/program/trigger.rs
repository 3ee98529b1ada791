//! Triggers with the event that each has.

use super::scope::{Scope, kept};
use super::{Field, Writer};
use crate::generator::types::{JOB_STATUS, POINT, PREVIOUS, Ty};

impl Writer<'_> {
    /// One trigger of each kind, now and then.
    pub(super) fn triggers(&mut self, inputs: &[Field]) {
        let status = Ty::Enum(&JOB_STATUS);
        let kinds: [(&str, &[(&str, Ty)]); 4] = [
            ("schedule(\"0 2 * * *\", timezone: \"Europe/Berlin\")", &[("event.scheduled_at", Ty::Timestamp)]),
            ("watch(\"in/*.csv\")", &[("string(event.path)", Ty::Text)]),
            ("webhook(\"/go\", body: Point, secret: secret(\"HOOK\"))", &[("event.body", Ty::Record(&POINT))]),
            ("after(first, done)", &[("event.job.id", Ty::Text), ("event.job.status", status)]),
        ];
        for (number, (kind, fields)) in kinds.iter().enumerate() {
            if !self.rng.chance(40) {
                continue;
            }
            let mut scope = Scope::default();
            scope.sure("job.previous", Ty::Optional(kept(Ty::Record(&PREVIOUS))));
            fields.iter().for_each(|(text, ty)| scope.sure(text, *ty));
            self.w(&format!("  trigger at{number} = {kind}"));
            if self.rng.chance(60) {
                self.w(" when ");
                self.site(&scope, Ty::Bool);
            }
            self.w(" with (");
            self.arguments(&scope, inputs);
            self.w(")\n");
        }
    }
}
