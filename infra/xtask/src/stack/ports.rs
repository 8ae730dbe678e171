//! Ports on loopback: the usual one if nobody has it, else a free one.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::error::Error;

/// The usual port if it is free, else any free one.
pub(crate) fn choose(usual: Option<u16>) -> Result<u16, Error> {
    match usual {
        Some(port) if is_free(port) => Ok(port),
        _ => any_free(),
    }
}

/// True if nobody listens on this port of either loopback address. `localhost` may mean both.
fn is_free(port: u16) -> bool {
    let answers =
        |address: SocketAddr| TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok();
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && !answers((Ipv4Addr::LOCALHOST, port).into())
        && !answers((Ipv6Addr::LOCALHOST, port).into())
}

fn any_free() -> Result<u16, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|source| Error::Stack(format!("no free port on 127.0.0.1: {source}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_port_is_taken_when_it_is_free() {
        let port = any_free().expect("a port is free");
        assert_eq!(choose(Some(port)).expect("a port is free"), port);
    }

    #[test]
    fn another_port_is_taken_when_the_usual_one_is_in_use() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = taken.local_addr().expect("it listens").port();
        assert_ne!(choose(Some(port)).expect("another port is free"), port);
    }
}
