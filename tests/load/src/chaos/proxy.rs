//! The proxy between the functions and AWS, microburst (<https://pypi.org/project/microburst/>).

use std::collections::BTreeMap;

use packshot_tests::{PATIENCE, stack::Stack};
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

/// The proxy's own paths.
#[derive(Debug)]
pub(super) struct Proxy {
    http: Client,
    url: String,
}

impl Proxy {
    /// The proxy of a stack.
    ///
    /// # Panics
    ///
    /// Where the stack has none.
    pub(super) fn of(stack: &Stack) -> Self {
        let http = Client::builder().no_proxy().timeout(PATIENCE).build();
        Self {
            http: http.expect("a client"),
            url: stack
                .faults_url()
                .expect("the stack was made for faults")
                .to_owned(),
        }
    }

    /// Fails calls by these rules from now on, which take the place of all others.
    pub(super) async fn follow(&self, rules: &[Value]) {
        let request = self.http.post(format!("{}/_microburst/rules", self.url));
        answer(request.json(rules)).await;
    }

    /// How often which fault has happened since the proxy began.
    pub(super) async fn counts(&self) -> Vec<(String, usize)> {
        let metrics = answer(self.http.get(format!("{}/_microburst/metrics", self.url))).await;
        let mut counts = BTreeMap::new();
        for (what, count) in metrics.lines().filter_map(fault) {
            *counts.entry(what).or_insert(0) += count;
        }
        counts.into_iter().collect()
    }
}

async fn answer(request: RequestBuilder) -> String {
    let answer = request.send().await.expect("an answer of microburst");
    let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
    assert!(status.is_success(), "microburst: {status}: {text}");
    text
}

/// The service, the fault and the count of a line of Prometheus' format
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>); `None` for other lines.
fn fault(line: &str) -> Option<(String, usize)> {
    let (labels, count) = line.strip_prefix("microburst_faults_total{")?.rsplit_once("} ")?;
    let label = |name: &str| {
        let (_, rest) = labels.split_once(&format!("{name}=\""))?;
        Some(rest.split_once('"')?.0)
    };
    let what = format!("{} {}", label("service")?, label("action")?);
    Some((what, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_counted_by_service_and_kind() {
        let line =
            r#"microburst_faults_total{service="s3",operation="PutObject",action="error:SlowDown"} 12"#;
        assert_eq!(fault(line), Some(("s3 error:SlowDown".to_owned(), 12)));
        assert_eq!(fault("microburst_requests_total 12"), None);
    }
}
