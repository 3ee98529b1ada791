//! Tells Zed how the language server is started.

use zed_extension_api::{Command, Extension, LanguageServerId, Result, Worktree, register_extension};

struct Hook;

impl Extension for Hook {
    fn new() -> Hook {
        Hook
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("hookc").ok_or("`hookc` is not in the PATH")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

register_extension!(Hook);
