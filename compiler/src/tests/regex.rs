use crate::regex::portable;

#[test]
fn short_classes_are_written_out() {
    assert_eq!(portable(r"^\d+\.csv$").as_deref(), Ok(r"^[0-9]+\.csv$"));
    assert_eq!(portable(r"[\w-]+").as_deref(), Ok("[0-9A-Za-z_-]+"));
    assert_eq!(portable("a{2,5}|(?:b|c)*?").as_deref(), Ok("a{2,5}|(?:b|c)*?"));
}

#[test]
fn what_differs_between_engines_is_refused() {
    for pattern in [r"\bx", "(?i)x", "(?=x)", "a*+", "{,2}", "[[:alpha:]]", r"\z", "[a&&b]", "(", "a**", r"\1"] {
        assert!(portable(pattern).is_err(), "{pattern}");
    }
}
