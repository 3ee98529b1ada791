use crate::commands::test::junit::escaped;

#[test]
fn what_xml_forbids_is_replaced() {
    assert_eq!(escaped("a<b> & \"c\"\u{1b}\n"), "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}\n");
}
