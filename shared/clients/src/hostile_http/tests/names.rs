//! Names and redirects that lead where we do not go: that nothing is connected to.
//!
//! The tables are those of `packshot_domain::address`. Names are told by a resolver of the tests, since no name outside is
//! under our control.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use wiremock::matchers::any;

use super::*;

const ADDRESSES: &str = include_str!("../../../../domain/src/address/refused-addresses.txt");
const URLS: &str = include_str!("../../../../domain/src/address/refused-urls.txt");

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    let entries = table.lines().filter(|line| !line.starts_with("# "));
    entries.map(|line| line.split_once(" # ").map_or(line, |(entry, _)| entry).trim())
}

fn refused_addresses() -> Vec<IpAddr> {
    lines(ADDRESSES)
        .map(|line| line.parse().expect("an address"))
        .collect()
}

/// Names with what each lookup of them finds; the last answer stays.
#[derive(Debug, Default)]
struct Names {
    answers: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    lookups: AtomicUsize,
}

impl Names {
    fn tell(&self, name: &str, answers: impl IntoIterator<Item = Vec<IpAddr>>) {
        let mut all = self.answers.lock().expect("not poisoned");
        all.insert(name.to_owned(), answers.into_iter().collect());
    }

    fn find(&self, name: &str) -> Vec<IpAddr> {
        self.lookups.fetch_add(1, Ordering::Relaxed);
        let mut all = self.answers.lock().expect("not poisoned");
        let Some(answers) = all.get_mut(name) else {
            return Vec::new();
        };
        if answers.len() > 1 {
            answers.pop_front().unwrap_or_default()
        } else {
            answers.front().cloned().unwrap_or_default()
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let found: Vec<_> = self
            .find(name.as_str())
            .into_iter()
            .map(|address| SocketAddr::new(address, 0))
            .collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

/// Listeners on both loopback addresses, on one port, that count who connects. They see whatever of the tables leads to
/// this machine; the rest would show as a failed connection where a refusal is expected.
struct Watch {
    port: u16,
    listeners: Vec<TcpListener>,
}

impl Watch {
    fn begin() -> Self {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = v4.local_addr().expect("it listens").port();
        // A machine without IPv6 has nothing there to watch.
        let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
        let listeners: Vec<_> = [Some(v4), v6].into_iter().flatten().collect();
        for listener in &listeners {
            listener
                .set_nonblocking(true)
                .expect("it can be asked without waiting");
        }
        Self { port, listeners }
    }

    /// Who has connected. The system takes a connection in before the client's call ends, so nobody comes later.
    fn came(&self) -> Vec<SocketAddr> {
        let came = self
            .listeners
            .iter()
            .filter_map(|listener| listener.accept().ok());
        came.map(|(_, from)| from).collect()
    }
}

fn client_with(reach: Reach, names: &Arc<Names>) -> HostileHttp {
    let names: Arc<dyn Resolve> = Arc::<Names>::clone(names);
    HostileHttp::with_names(reach, Duration::from_secs(2), names).expect("a client")
}

async fn post(client: &HostileHttp, url: &str) -> Result<Reply, CallError> {
    client.post(url, HeaderMap::new(), "{}".to_owned()).await
}

fn is_refused<T>(outcome: &Result<T, CallError>) -> bool {
    matches!(outcome, Err(CallError::Refused(_)))
}

/// The watch sees what it is there to see; without this, the tests below could not fail.
#[tokio::test]
async fn a_connection_would_be_seen() {
    let watch = Watch::begin();
    let names = Arc::new(Names::default());
    names.tell("receiver.example", [vec![Ipv4Addr::LOCALHOST.into()]]);
    let url = format!("http://receiver.example:{}/", watch.port);
    let outcome = post(&client_with(Reach::PublicAndLoopback, &names), &url).await;
    assert!(matches!(outcome, Err(CallError::TimedOut)), "{outcome:?}");
    assert_eq!(watch.came().len(), 1);
}

#[tokio::test]
async fn names_with_a_refused_address_are_not_called() {
    let watch = Watch::begin();
    let names = Arc::new(Names::default());
    let public = client_with(Reach::Public, &names);
    for address in refused_addresses() {
        let one_public: IpAddr = Ipv4Addr::new(8, 8, 8, 8).into();
        for (name, addresses) in [
            ("inside.example", vec![address]),
            ("inside.example.", vec![address]),
            ("first.example", vec![address, one_public]),
            ("last.example", vec![one_public, address]),
        ] {
            names.tell(name, [addresses]);
            let url = format!("https://{name}:{}/", watch.port);
            let posted = post(&public, &url).await;
            assert!(is_refused(&posted), "{name} at {address}: {posted:?}");
            let fetched = public.fetch(&url.parse().expect("a URL"), 9).await;
            assert!(is_refused(&fetched), "{name} at {address}: {fetched:?}");
        }
    }
    assert_eq!(watch.came(), []);
}

#[tokio::test]
async fn refused_urls_are_not_even_looked_up() {
    let watch = Watch::begin();
    let names = Arc::new(Names::default());
    let public = client_with(Reach::Public, &names);
    for url in lines(URLS) {
        assert!(is_refused(&post(&public, url).await), "{url}");
    }
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.1",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:7f00:1]",
    ] {
        let url = format!("https://{host}:{}/", watch.port);
        assert!(is_refused(&post(&public, &url).await), "{url}");
    }
    assert_eq!(names.lookups.load(Ordering::Relaxed), 0);
    assert_eq!(watch.came(), []);
}

#[tokio::test]
async fn redirects_to_refused_urls_are_not_followed() {
    let server = MockServer::start().await;
    let names = Arc::new(Names::default());
    let local = client_with(Reach::PublicAndLoopback, &names);
    let mut tried = 0;
    for url in lines(URLS) {
        // The local exception, without which this server could not be called, lets loopback and http pass.
        let is_local = address::check_url(url, Reach::PublicAndLoopback).is_ok();
        // What is no URL by itself may be a path of the server.
        let Ok(target) = Url::parse(url) else { continue };
        if is_local || !url.is_ascii() {
            continue;
        }
        server.reset().await;
        let moved = ResponseTemplate::new(302).insert_header("location", url);
        Mock::given(any()).respond_with(moved).mount(&server).await;
        let outcome = local.fetch(&server.uri().parse().expect("a URL"), 9).await;
        assert!(is_refused(&outcome), "{target}: {outcome:?}");
        let calls = server.received_requests().await.expect("recorded").len();
        assert_eq!(calls, 1, "{target}");
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[tokio::test]
async fn redirects_to_names_with_a_refused_address_are_not_followed() {
    let server = MockServer::start().await;
    let names = Arc::new(Names::default());
    let moved = ResponseTemplate::new(302).insert_header("location", "https://inside.example/");
    Mock::given(any()).respond_with(moved).mount(&server).await;
    let local = client_with(Reach::PublicAndLoopback, &names);
    for address in refused_addresses() {
        if address.to_canonical().is_loopback() {
            continue;
        }
        names.tell("inside.example", [vec![address]]);
        let outcome = local.fetch(&server.uri().parse().expect("a URL"), 9).await;
        assert!(is_refused(&outcome), "{address}: {outcome:?}");
    }
}

/// Rebinding: a name that passes the check with one address and has another when the connection is made. There is one
/// lookup for both, and the next call checks anew.
#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    let names = Arc::new(Names::default());
    let inside: IpAddr = Ipv4Addr::new(169, 254, 169, 254).into();
    names.tell("rebinding.example", [vec![server.address().ip()], vec![inside]]);
    let url = format!("http://rebinding.example:{}/", server.address().port());
    let local = client_with(Reach::PublicAndLoopback, &names);

    let first = post(&local, &url).await.expect("the server answers");
    assert_eq!((first.status, names.lookups.load(Ordering::Relaxed)), (204, 1));
    let second = post(&local, &url).await;
    assert!(is_refused(&second), "{second:?}");
    assert_eq!(
        names.lookups.load(Ordering::Relaxed),
        2,
        "no connection is kept for a second call"
    );
    assert_eq!(server.received_requests().await.expect("recorded").len(), 1);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_no_refusal() {
    let public = client_with(Reach::Public, &Arc::new(Names::default()));
    let outcome = post(&public, "https://nobody.example/").await;
    assert!(matches!(outcome, Err(CallError::UnknownHost)), "{outcome:?}");
}
