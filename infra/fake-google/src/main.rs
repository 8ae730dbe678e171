//! `fake-google`: starts the server and says where it is.

use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Parser;
use fake_google::{FakeGoogle, OAuthClient};
use tracing_subscriber::EnvFilter;

/// A loopback server that speaks Gemini (models, generateContent, files, batches), Google sign-in and Drive.
///
/// Point a client at the URL that it prints: `GEMINI_BASE_URL` for Packshot, `base_url` in the options of Google's own
/// SDKs. Any API key is good unless it contains "invalid". Faults are set with PUT /__faults, calls are read back
/// with GET /__calls; the README of infra/fake-google documents both.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Write the URL to this file once the server answers.
    #[arg(long, value_name = "PATH")]
    url_file: Option<PathBuf>,
    /// The registered app's id.
    #[arg(long, value_name = "ID", default_value_t = OAuthClient::default().id)]
    oauth_client_id: String,
    /// The registered app's secret.
    #[arg(long, value_name = "SECRET", default_value_t = OAuthClient::default().secret)]
    oauth_client_secret: String,
    /// A redirect URI of the registered app; may stand several times. Without one, any page of this machine will do.
    #[arg(long = "oauth-redirect-uri", value_name = "URI")]
    oauth_redirect_uris: Vec<String>,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
    let arguments = Arguments::parse();
    let client = OAuthClient {
        id: arguments.oauth_client_id,
        secret: arguments.oauth_client_secret,
        redirect_uris: arguments.oauth_redirect_uris,
    };
    let server = FakeGoogle::bind_for(SocketAddr::new(arguments.host, arguments.port), client).await?;
    let url = server.url()?;
    if let Some(path) = &arguments.url_file {
        write_whole(path, &url)?;
    }
    writeln!(io::stderr(), "fake-google listens on {url}")?;
    tokio::select! {
        ended = server.serve() => ended,
        stopped = tokio::signal::ctrl_c() => stopped,
    }
}

/// Writes a file so that a reader finds either none or all of it.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let directory = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
