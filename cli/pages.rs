//! The pages of `docs/diagnostics`, one for each code, embedded.

use std::borrow::Cow;

use hookc_compiler::Code;

macro_rules! pages {
    ($($id:literal)*) => {
        /// Each page by its code.
        const PAGES: &[(&str, &str)] = &[$(($id, include_str!(concat!("../docs/diagnostics/", $id, ".md")))),*];
    };
}

pages! {
}

/// The page of a code, in Markdown.
pub(crate) fn page(code: Code) -> Option<Cow<'static, str>> {
    PAGES.iter().find(|(id, _)| *id == code.id).map(|(_, text)| Cow::Borrowed(*text))
}
