//! What the template is told for a stack on this machine.

/// The address that mails come from.
pub(crate) const SENDER: &str = "studio@packshot.example";
/// Where `template.yaml` has the functions look for Gemini's key.
pub(crate) const GEMINI_KEY: &str = "/packshot/dev/gemini-api-key";
/// Where it has them look for our client at Google.
pub(crate) const GOOGLE_CLIENT: &str = "/packshot/dev/google-client";

/// The template's parameters for a stack on this machine.
pub(crate) fn local(
    (base_url, google_url, gemini_url): (&str, &str, &str),
    port: u16,
    reconcile_minutes: u8,
) -> Vec<(&'static str, String)> {
    vec![
        ("Stage", "dev".to_owned()),
        ("Environment", "local".to_owned()),
        ("BaseUrl", base_url.to_owned()),
        ("SenderAddress", SENDER.to_owned()),
        ("GeminiBaseUrl", gemini_url.to_owned()),
        ("GoogleIssuer", google_url.to_owned()),
        ("GoogleApisUrl", google_url.to_owned()),
        ("Architecture", architecture().to_owned()),
        // The demo and the tests receive webhooks on this machine.
        ("AllowPrivateCallbacks", "true".to_owned()),
        ("LocalEndpointPort", port.to_string()),
        ("ReconcileMinutes", reconcile_minutes.to_string()),
    ]
}

/// What the functions were built for, in AWS's words.
fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x86_64"
    }
}
