#[test]
fn the_words_stay() {
    let markdown = "```hook\nop fit = a * b\n```\n---\n## Loss\n**why** `a**b`, see [here](x.md) [1]";
    assert_eq!(crate::convert::plain::text(markdown), "op fit = a * b\n\nLoss\nwhy a**b, see here [1]");
}
