//! The server from its client's side.
use crate::server::Server;
use tower_lsp::LspServiceBuilder;
pub(crate) fn with_faults(service: LspServiceBuilder<Server>) -> LspServiceBuilder<Server> {
    service
}
