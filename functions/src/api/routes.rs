//! Every route of the API, and the doors that lead to it.
//!
//! A route is served by naming it here, so none can be without its doors: `Serve::serve` takes no path. `template.yaml`
//! and the API's description are held against this list, and so is who may come in by which door, by `tests/it`.
//!
//! There is no door for programs alone. What a program can do, its owner can do on the page.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, on},
};

/// Where programs come in, with an API key.
pub const PROGRAMS: &str = "/api/v1";

/// Where the page comes in, with the session of someone who signed in.
pub const PAGE: &str = "/api";

/// A way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// With an API key.
    Programs,
    /// With a session.
    Page,
    /// With neither: where sessions begin and end.
    Open,
}

/// Which doors lead to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doors {
    /// Both, to the same handler.
    Both,
    /// Both; the page knows it by this name.
    BothPageAs(&'static str),
    /// Only the page's: keys, secrets and sessions are managed by the person, not by a key.
    PageOnly,
    /// Neither.
    Open,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    path: &'static str,
    doors: Doors,
}

impl Route {
    /// Its whole path behind a door; `None` where that door does not lead to it.
    pub fn path(&self, door: Door) -> Option<String> {
        let Self { path, doors, .. } = self;
        match (door, doors) {
            (Door::Programs, Doors::Both | Doors::BothPageAs(_)) => Some(format!("{PROGRAMS}{path}")),
            (Door::Page, Doors::Both | Doors::PageOnly) => Some(format!("{PAGE}{path}")),
            (Door::Page, Doors::BothPageAs(name)) => Some(format!("{PAGE}{name}")),
            (Door::Open, Doors::Open) => Some((*path).to_owned()),
            _ => None,
        }
    }

    fn paths(&self) -> impl Iterator<Item = String> {
        let doors = [Door::Programs, Door::Page, Door::Open];
        doors.into_iter().filter_map(|door| self.path(door))
    }
}

/// Serves routes of this list.
pub(super) trait Serve<S> {
    /// Adds a route at all of its paths.
    #[must_use]
    fn serve<H, T>(self, route: &Route, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static;
}

impl<S: Clone + Send + Sync + 'static> Serve<S> for Router<S> {
    fn serve<H, T>(self, route: &Route, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let method =
            MethodFilter::try_from(route.method.clone()).expect("the list has methods of RFC 9110 only");
        route.paths().fold(self, |router, path| {
            router.route(&path, on(method, handler.clone()))
        })
    }
}

macro_rules! routes {
    ($($name:ident: $method:ident $path:literal, $doors:expr;)*) => {
        $(pub(super) const $name: Route = Route {
            method: Method::$method,
            path: $path,
            doors: $doors,
        };)*

        /// Every route there is.
        pub const ALL: &[Route] = &[$($name),*];
    };
}

routes! {
    GENERATE: POST "/generate", Doors::BothPageAs("/generate/upload");
    GENERATE_FROM_DRIVE: POST "/generate/drive", Doors::PageOnly;
    LIST_JOBS: GET "/jobs", Doors::Both;
    SHOW_JOB: GET "/jobs/{job_id}", Doors::Both;
    DELETE_JOB: DELETE "/jobs/{job_id}", Doors::Both;
    CANCEL_JOB: POST "/jobs/{job_id}/cancel", Doors::Both;
    SHOW_ARCHIVE: GET "/jobs/{job_id}/archive", Doors::Both;
    SHOW_PHOTO: GET "/jobs/{job_id}/photos/{index}", Doors::Both;
    RETRY_IMAGE: POST "/jobs/{job_id}/images/{image_id}/retry", Doors::Both;
    CREATE_UPLOAD: POST "/uploads", Doors::Both;
    SHOW_USAGE: GET "/usage", Doors::Both;
    LIST_DELIVERIES: GET "/webhook-deliveries", Doors::Both;
    SHOW_DELIVERY: GET "/webhook-deliveries/{event_id}", Doors::Both;
    REPLAY_DELIVERY: POST "/webhook-deliveries/{event_id}/replay", Doors::Both;
    REPLAY_FAILED_DELIVERIES: POST "/webhook-deliveries/replay", Doors::Both;
    SHOW_ENDPOINT: GET "/webhook-endpoint", Doors::Both;
    SAVE_ENDPOINT: PUT "/webhook-endpoint", Doors::Both;
    REMOVE_ENDPOINT: DELETE "/webhook-endpoint", Doors::Both;
    TEST_WEBHOOK: POST "/webhook-test", Doors::Both;
    SHOW_SECRET: GET "/webhooks/secret", Doors::PageOnly;
    ROTATE_SECRET: PUT "/webhooks/secret", Doors::PageOnly;
    LIST_KEYS: GET "/keys", Doors::PageOnly;
    CREATE_KEY: POST "/keys", Doors::PageOnly;
    REVOKE_KEY: DELETE "/keys/{key_id}", Doors::PageOnly;
    ROLL_KEY: POST "/keys/{key_id}/roll", Doors::PageOnly;
    SHOW_KEY_USAGE: GET "/keys/{key_id}/usage", Doors::PageOnly;
    SHOW_ME: GET "/me", Doors::PageOnly;
    DELETE_ME: DELETE "/me", Doors::PageOnly;
    SHOW_DRIVE: GET "/drive", Doors::PageOnly;
    DISCONNECT_DRIVE: DELETE "/drive", Doors::PageOnly;
    LIST_DRIVE_FILES: GET "/drive/files", Doors::PageOnly;
    SHOW_DRIVE_THUMBNAIL: GET "/drive/files/{file_id}/thumbnail", Doors::PageOnly;
    SHOW_DRIVE_PICKER: GET "/drive/picker", Doors::PageOnly;
    LIST_SESSIONS: GET "/sessions", Doors::PageOnly;
    END_SESSION: DELETE "/sessions/{session_id}", Doors::PageOnly;
    END_ALL_SESSIONS: POST "/sessions/revoke-all", Doors::PageOnly;
    SIGN_IN: GET "/auth/google/login", Doors::Open;
    CONNECT_DRIVE: GET "/auth/google/drive", Doors::Open;
    COME_BACK: GET "/auth/google/callback", Doors::Open;
    SIGN_OUT: POST "/auth/logout", Doors::Open;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_door_has_its_own_path() {
        let paths = |route: Route| [Door::Programs, Door::Page, Door::Open].map(|door| route.path(door));
        let some = |path: &str| Some(path.to_owned());
        assert_eq!(
            paths(GENERATE),
            [some("/api/v1/generate"), some("/api/generate/upload"), None]
        );
        assert_eq!(paths(LIST_JOBS), [some("/api/v1/jobs"), some("/api/jobs"), None]);
        assert_eq!(paths(LIST_KEYS), [None, some("/api/keys"), None]);
        assert_eq!(paths(SIGN_OUT), [None, None, some("/auth/logout")]);
    }
}
