//! What is kept of a process's output.

use crate::executor::process_output::LastLine;

#[test]
fn the_last_line_that_is_not_blank_survives_any_cut() {
    let text = b"one\n\n{\"a\": 1}\n  \n\n";
    for size in 1..text.len() {
        let mut line = LastLine::default();
        for chunk in text.chunks(size) {
            line.take(chunk);
        }
        assert_eq!(line.last(), b"{\"a\": 1}");
    }
}
