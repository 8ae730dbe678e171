//! How other sides prove who they are: by certificates under the roots that browsers trust.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

/// The settings of every TLS connection of a process, made once.
///
/// The roots are Mozilla's and part of the program (<https://docs.rs/webpki-roots>). Reading the system's store instead was
/// three quarters of a function's start: 200 KB of text to decode, before a word is said.
pub fn client_config() -> ClientConfig {
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    CONFIG.get_or_init(with_browsers_roots).clone()
}

#[expect(
    clippy::expect_used,
    reason = "the provider has the safe versions; both are parts of this program"
)]
fn with_browsers_roots() -> ClientConfig {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions that the provider has")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
