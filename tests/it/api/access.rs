//! Who may do what, for every route of the API's description: a new one cannot be forgotten.

use packshot_domain::{
    id,
    scope::{Scope, Scopes},
};
use packshot_functions::api::openapi;
use packshot_tests::{api::Api, ended_jobs, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

/// A route, as the description has it.
struct Route {
    method: Method,
    path: String,
}

impl Route {
    /// The scope that it needs: looking needs one, everything else the other.
    fn scope(&self) -> Scope {
        if self.method == Method::GET {
            Scope::Read
        } else {
            Scope::Generate
        }
    }

    /// Its path, about this user's job.
    fn about(&self, job: &packshot_domain::job::Job) -> String {
        self.path
            .replace("{job_id}", &job.id.to_string())
            .replace("{event_id}", &id::end_of_job_event(job.id).to_string())
            .replace("{image_id}", &job.images[0].id.to_string())
            .replace("{index}", "0")
    }
}

fn routes() -> Vec<Route> {
    let document = serde_json::to_value(openapi::document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let routes = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").keys();
        methods.map(|method| Route {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.clone(),
        })
    });
    routes.collect()
}

async fn code(api: &Api, route: &Route, path: &str) -> (u16, String) {
    let request = api.request(route.method.clone(), path);
    let request = if route.method == Method::GET {
        request
    } else {
        request.json(&json!({}))
    };
    let answer = api.send(request).await;
    (answer.status, answer.code().to_owned())
}

#[tokio::test]
async fn no_route_answers_without_a_key_or_without_its_scope() {
    let stack = Stack::connect().await;
    let job = ended_jobs::completed(ended_jobs::new_job(stack.user.id, 1), &[ended_jobs::ready()]);
    stack.jobs.create(&job).await.expect("written");
    for route in routes() {
        let path = route.about(&job);
        let name = format!("{} {path}", route.method);
        let without = code(&stack.api.without_key(), &route, &path).await;
        assert_eq!(without, (403, "invalid_api_key".to_owned()), "{name}");

        let others: Scopes = Scope::ALL
            .into_iter()
            .filter(|scope| *scope != route.scope())
            .collect();
        let key = stack.issue_key(others, None).await.key;
        let lacking = code(&stack.api.with_key(key.reveal()), &route, &path).await;
        assert_eq!(lacking, (403, "insufficient_scope".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_there() {
    let (stack, other) = (Stack::connect().await, Stack::connect().await);
    let job = ended_jobs::completed(ended_jobs::new_job(stack.user.id, 1), &[ended_jobs::ready()]);
    stack.jobs.create(&job).await.expect("written");
    let about_something: Vec<Route> = routes()
        .into_iter()
        .filter(|route| route.path.contains('{'))
        .collect();
    assert!(!about_something.is_empty());
    for route in about_something {
        let (status, _) = code(&other.api, &route, &route.about(&job)).await;
        assert_eq!(status, 404, "{} {}", route.method, route.path);
    }
    assert_eq!(
        stack.api.job(&job.id.to_string()).await["id"],
        Value::from(job.id.to_string())
    );
}

#[tokio::test]
async fn what_is_odd_in_an_id_is_not_read_as_part_of_the_path() {
    let stack = Stack::connect().await;
    for route in routes().into_iter().filter(|route| route.path.contains('{')) {
        for odd in ["a%3Fb", "a%23b", "%C3%A9%25", "a%20b", "%26"] {
            let path = with_every_id(&route.path, odd);
            let (status, code) = code(&stack.api, &route, &path).await;
            assert_eq!(status, 404, "{} {path}: {code}", route.method);
        }
    }
}

fn with_every_id(path: &str, id: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { id } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
