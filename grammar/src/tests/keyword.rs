use crate::keyword::{Keyword, WordClass};

#[test]
fn each_keyword_is_found_by_its_word() {
    for keyword in Keyword::ALL {
        assert_eq!(Keyword::of(keyword.text()), Some(*keyword));
    }
}

#[test]
fn other_words_are_no_keywords() {
    for word in ["", "o", "opp", "On", "trainer", "outputss", "whens", "w", "é", "afterr", "step_", "component_"] {
        assert_eq!(Keyword::of(word), None, "{word}");
    }
}

#[test]
fn an_entry_begins_with_no_word_that_goes_on_with_one() {
    for keyword in Keyword::ALL.iter().filter(|keyword| keyword.begins_entry()) {
        assert!(matches!(keyword.class(), WordClass::Contextual | WordClass::Listener), "{keyword:?}");
    }
}
