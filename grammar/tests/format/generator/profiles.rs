//! Profiles and tests.

use super::Gen;

impl Gen {
    pub(super) fn profile(&mut self) {
        self.head("profile");
        self.block(|block| match block.below(5) {
            0 => block.w("connection team = mock"),
            1 => {
                block.w("connection team = mock slack");
                block.tight();
                block.labelled_args();
                block.w(" ,post");
                block.labelled_args();
            }
            2 => {
                block.w("connection team=");
                block.tight();
                block.braces(2);
            }
            3 => block.w("secrets  exec[\"pass\" , \"show\"]"),
            _ => block.w("allow private"),
        });
    }

    pub(super) fn test(&mut self) {
        self.w("test \"t\" for j");
        self.args(1);
        if self.chance(30) {
            self.w(" profile dev");
        }
        if self.chance(30) {
            self.w(" source manual");
        }
        self.block(|block| {
            let entry = block.pick(&[
                "given fit succeeded",
                "given sweep[2] failed",
                "given fit retrying 2 then succeeded",
                "given agent tool_start(bash)",
                "expect fit.page ran",
                "expect fit tool_start(bash) modified",
                "expect fit.page not ran",
                "expect job failed",
                "given previous failed",
                "expect fit refused \"x\"",
            ]);
            block.w(entry);
            if entry.ends_with(['d', ')']) && !entry.contains("previous") && !entry.contains("job") && block.chance(60)
            {
                block.tight();
                block.labelled_args();
            }
        });
    }
}
