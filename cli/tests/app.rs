#[test]
fn the_command_line_is_sound() {
    crate::app::command().debug_assert();
}
