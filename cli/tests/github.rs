#[test]
fn texts_cannot_leave_their_command() {
    assert_eq!(crate::formats::github::data("50% \r\n::error::x"), "50%25 %0A::error::x");
    assert_eq!(crate::formats::github::property("a:b,c%\u{1b}"), "a%3Ab%2Cc%25\\u{1b}");
}
