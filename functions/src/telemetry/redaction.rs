//! Blots out what must not be read in a log, should a line hold it by mistake: e-mail addresses, keys, tokens, signatures.
//!
//! Types that hold secrets do not print them, and no line is meant to have any. This is for what others put into texts that we
//! log: an error that quotes a URL, an answer that repeats a header.

use std::{
    borrow::Cow,
    io::{self, Write},
    sync::LazyLock,
};

use regex_lite::{Captures, Regex};
use serde_json::{Map, Value};
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

/// What a secret looks like: what stays readable of it, then the rest.
///
/// Keys of ours, secrets of webhooks, keys of Google's (two forms), access and refresh tokens and client secrets of Google's,
/// JSON Web Tokens, what follows `Bearer`, the part of an image's address that nobody guesses, and values that stand in URLs, forms and cookies under names that secrets have.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(packshot_live_|whsec_|AIza|AQ\.|ya29\.|1//0|GOCSPX-|eyJ)[A-Za-z0-9+/=_.-]{12,}",
        r"|(Bearer )[A-Za-z0-9+/=_.~-]{8,}",
        r"|(\bimages/)[0-9a-f]{32}",
        r"|((?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|X-Goog-Signature|access_token|refresh_token|id_token",
        r"|client_secret|code_verifier|code|state|key|__Host-[a-z-]+)=)[^&\s\x22;,\\]{6,}",
    ))
    .expect("the expression is correct")
});

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._%+-]+(@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)").expect("the expression is correct")
});

/// The text without its secrets, and with e-mail addresses that do not tell who.
pub(crate) fn redacted(text: &str) -> Cow<'_, str> {
    let without_secrets = SECRET.replace_all(text, |found: &Captures<'_>| {
        let kept = (1..=4).find_map(|group| found.get(group));
        format!("{}…", kept.map_or("", |kept| kept.as_str()))
    });
    match ADDRESS.replace_all(&without_secrets, mask) {
        Cow::Borrowed(_) => without_secrets,
        Cow::Owned(text) => Cow::Owned(text),
    }
}

fn mask(found: &Captures<'_>) -> String {
    let first = found[0].chars().next().unwrap_or('?');
    format!("{first}…{}", &found[1])
}

/// A writer of log lines that blots out on the way.
#[derive(Debug)]
pub(super) struct Redacted<M>(M);

impl<M> Redacted<M> {
    pub(super) const fn new(inner: M) -> Self {
        Self(inner)
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Redacted<M> {
    type Writer = Line<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self.0.make_writer())
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        Line(self.0.make_writer_for(metadata))
    }
}

/// Where one line goes. The layer above writes each line whole, in one call, and writes a field twice that both the event and
/// its span have; not every reader of JSON takes that.
#[derive(Debug)]
pub(super) struct Line<W>(W);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = match serde_json::from_slice::<Map<String, Value>>(bytes) {
            Ok(fields) => Cow::Owned(format!("{}\n", Value::Object(fields))),
            Err(_) => String::from_utf8_lossy(bytes),
        };
        self.0.write_all(redacted(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_keep_their_beginning_and_nothing_else() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
        for (text, shown) in [
            ("packshot_live_0123456789abcdefghij", "packshot_live_…"),
            (
                "secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!",
                "secret whsec_…!",
            ),
            ("?key=AIzaSyA-1234567890abcdefghijklmnopq&x=1", "?key=…&x=1"),
            (
                "reading images/0123456789abcdef0123456789abcdef/1.png",
                "reading images/…/1.png",
            ),
            ("ya29.a0AfH6SMBxxxxxxxxxx", "ya29.…"),
            ("1//0gAbCdEfGhIjKlMnOpQ", "1//0…"),
            ("GOCSPX-abcdefghijklmnop", "GOCSPX-…"),
            (jwt, "eyJ…"),
            (
                r#"{"authorization":"Bearer abcdefgh123"}"#,
                r#"{"authorization":"Bearer …"}"#,
            ),
            (
                "https://b/k?X-Amz-Signature=0a1b2c3d4e&X-Amz-Date=1",
                "https://b/k?X-Amz-Signature=…&X-Amz-Date=1",
            ),
            (
                "callback?code=4/0AeanS0&state=abcdefgh",
                "callback?code=…&state=…",
            ),
            ("__Host-session=abcdefghijk; a=b", "__Host-session=…; a=b"),
        ] {
            assert_eq!(redacted(text), shown, "{text}");
        }
    }

    #[test]
    fn addresses_do_not_tell_who() {
        assert_eq!(
            redacted(r#"{"message":"to someone.else+x@mail.example.com, twice@example.com"}"#),
            r#"{"message":"to s…@mail.example.com, t…@example.com"}"#
        );
        // What is masked already stays as it is.
        assert_eq!(redacted("to s…@example.com"), "to s…@example.com");
    }

    #[test]
    fn plain_lines_are_not_touched() {
        for text in [
            r#"{"level":"INFO","message":"Stored 10 of 10 images","job.id":"job_01h2xcejqtf2nbrexx3vqjhp41"}"#,
            "status_code=200 and a monkey=no",
            "models/gemini-3.8-flash@001",
        ] {
            assert!(matches!(redacted(text), Cow::Borrowed(_)), "{}", redacted(text));
        }
    }
}
