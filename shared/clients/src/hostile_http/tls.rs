//! What is wrong where TLS fails, in words of ours: the error's own may tell about our network.

use std::{error::Error, io};

use rustls::{CertificateError, Error as TlsError};

/// Why TLS failed; `None` where it was not TLS that did.
pub(super) fn trouble(error: &reqwest::Error) -> Option<&'static str> {
    let is_connect = error.is_connect();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(tls) = inner.downcast_ref::<TlsError>() {
            return Some(words(tls));
        }
        cause = match inner.downcast_ref::<io::Error>() {
            // Who hangs up before the connection is there has accepted it first: it was the handshake that ended.
            Some(error) if is_connect && error.kind() == io::ErrorKind::UnexpectedEof => {
                return Some("the server ended the handshake");
            }
            // An I/O error that wraps another one answers with that one's source, not with the error itself.
            Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => inner.source(),
        };
    }
    None
}

const fn words(error: &TlsError) -> &'static str {
    match error {
        TlsError::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the server's certificate is for another host name"
            }
            CertificateError::UnknownIssuer => {
                "the server's certificate is not signed by an authority that we know, or an intermediate one is missing"
            }
            CertificateError::Revoked => "the server's certificate was revoked",
            _ => "the server's certificate is not valid",
        },
        TlsError::InvalidMessage(_) => "the server does not speak TLS at this port",
        TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_) => {
            "no TLS version and cipher suite suits both sides"
        }
        _ => "TLS could not be agreed on",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use packshot_domain::address::Reach;
    use reqwest::header::HeaderMap;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::hostile_http::{CallError, HostileHttp};

    /// What a post over TLS to a server comes to that reads a little, answers this and hangs up.
    async fn post_to_one_that_answers(answer: &'static [u8]) -> CallError {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("https://{}/hook", listener.local_addr().expect("an address"));
        let server = async {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            socket.read_exact(&mut [0; 16]).await.expect("a greeting");
            socket.write_all(answer).await.expect("written");
            socket.shutdown().await.expect("shut down");
            // What has not been read would turn the end into a reset.
            while socket.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
        };
        let client = HostileHttp::new(Reach::PublicAndLoopback, Duration::from_secs(5)).expect("a client");
        let (outcome, ()) = tokio::join!(client.post(&url, HeaderMap::new(), "{}".to_owned()), server);
        outcome.expect_err("no answer")
    }

    #[tokio::test]
    async fn tls_that_fails_is_told_from_nobody_there() {
        let plain = post_to_one_that_answers(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        assert!(
            matches!(
                plain,
                CallError::Tls("the server does not speak TLS at this port")
            ),
            "{plain:?}"
        );
        let ended = post_to_one_that_answers(b"").await;
        assert!(
            matches!(ended, CallError::Tls("the server ended the handshake")),
            "{ended:?}"
        );
    }

    #[tokio::test]
    async fn nobody_there_is_not_a_matter_of_tls() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("https://{}/hook", listener.local_addr().expect("an address"));
        drop(listener);
        let client = HostileHttp::new(Reach::PublicAndLoopback, Duration::from_secs(5)).expect("a client");
        let outcome = client.post(&url, HeaderMap::new(), "{}".to_owned()).await;
        assert!(matches!(outcome, Err(CallError::NoConnection(_))), "{outcome:?}");
    }

    #[test]
    fn certificates_have_words_of_their_own() {
        let words = |error| words(&TlsError::InvalidCertificate(error));
        assert_eq!(
            words(CertificateError::Expired),
            "the server's certificate has expired"
        );
        assert_eq!(
            words(CertificateError::NotValidForName),
            "the server's certificate is for another host name"
        );
        assert_eq!(
            words(CertificateError::BadSignature),
            "the server's certificate is not valid"
        );
    }
}
