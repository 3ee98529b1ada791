//! Which addresses a request may reach.
//!
//! A name is resolved once; if any of its addresses is not public, no connection is made. The connection goes to the checked
//! addresses, and the peer of the socket is checked again.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, LazyBuffers, NextTimeout};

use super::socket::Socket;

/// Whether `address` is in the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, _, _)
    )
}

/// Only global unicast, without what tunnels to other addresses (6to4, Teredo; NAT64 and mapped ones lie outside).
fn public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let unicast = a & 0xe000 == 0x2000;
    let special = a == 0x2001 && b < 0x0200;
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    unicast && !special && !documentation && a != 0x2002
}

fn refused(address: SocketAddr) -> Error {
    let message = format!("{} is not a public address; a profile can `allow private`", address.ip());
    Error::Io(std::io::Error::new(std::io::ErrorKind::PermissionDenied, message))
}

/// Resolves like the system, and refuses addresses that are not public.
#[derive(Debug, Default)]
pub(super) struct GuardedResolver {
    pub(super) allow_private: bool,
    inner: DefaultResolver,
}

impl GuardedResolver {
    pub(super) fn new(allow_private: bool) -> GuardedResolver {
        GuardedResolver { allow_private, inner: DefaultResolver::default() }
    }
}

impl Resolver for GuardedResolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self.inner.resolve(uri, config, timeout)?;
        match addresses.iter().find(|address| !self.allow_private && !is_public(address.ip())) {
            Some(address) => Err(refused(*address)),
            None => Ok(addresses),
        }
    }
}

/// Connects to the resolved addresses, and checks the peer.
#[derive(Debug)]
pub(super) struct GuardedConnector {
    pub(super) allow_private: bool,
}

impl Connector<()> for GuardedConnector {
    type Out = Socket;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Socket>, Error> {
        let mut failed = None;
        for address in &details.addrs {
            let stream = match details.timeout.not_zero() {
                Some(time) => TcpStream::connect_timeout(address, *time),
                None => TcpStream::connect(address),
            };
            match stream {
                Ok(stream) => return self.checked(stream, details).map(Some),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.map_or(Error::HostNotFound, Error::Io))
    }
}

impl GuardedConnector {
    fn checked(&self, stream: TcpStream, details: &ConnectionDetails) -> Result<Socket, Error> {
        let peer = stream.peer_addr()?;
        if !self.allow_private && !is_public(peer.ip()) {
            return Err(refused(peer));
        }
        stream.set_nodelay(true)?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Socket::new(stream, buffers))
    }
}
