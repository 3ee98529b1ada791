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
    "H0001" "H0002" "H0003" "H0004" "H0005" "H0006" "H0007" "H0008" "H0009" "H0010" "H0011" "H0012" "H0013"
    "H0014" "H0015"
    "H0101" "H0102" "H0103" "H0104" "H0105" "H0106" "H0107" "H0108" "H0109" "H0110" "H0111"
    "H0201" "H0202" "H0203" "H0204" "H0205" "H0206" "H0207" "H0208" "H0209" "H0210" "H0211" "H0212" "H0213"
    "H0214" "H0215" "H0216" "H0217"
    "H0301" "H0302" "H0303" "H0304" "H0305" "H0306" "H0307" "H0308" "H0309" "H0310" "H0311" "H0312" "H0313"
    "H0314" "H0315" "H0316"
    "H0401" "H0402" "H0403" "H0404" "H0405" "H0406" "H0407" "H0408" "H0409" "H0410" "H0411" "H0412" "H0413"
    "H0414"
    "H0501"
    "H0601" "H0602" "H0603" "H0604"
    "H0801" "H0802" "H0803" "H0804" "H0805" "H0806" "H0807" "H0808" "H0809" "H0810" "H0811" "H0812" "H0813"
}

/// The page of a code, in Markdown.
pub(crate) fn page(code: Code) -> Option<Cow<'static, str>> {
    PAGES.iter().find(|(id, _)| *id == code.id).map(|(_, text)| Cow::Borrowed(*text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hookc_compiler::diagnostics::ALL;

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let codes: BTreeSet<&str> = ALL.iter().map(|code| code.id).collect();
        let pages: BTreeSet<&str> = super::PAGES.iter().map(|(id, _)| *id).collect();
        assert_eq!(codes.difference(&pages).collect::<Vec<_>>(), [] as [&&str; 0], "codes without a page");
        assert_eq!(pages.difference(&codes).collect::<Vec<_>>(), [] as [&&str; 0], "pages without a code");
        for code in ALL {
            let page = super::page(*code).unwrap_or_default();
            assert!(page.starts_with(&format!("# {}: {}\n", code.id, code.name)), "{}", code.id);
        }
    }
}
