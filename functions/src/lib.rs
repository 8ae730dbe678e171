//! The Lambdas: HTTP handlers, workflow tasks, notifications.
//!
//! Each function is one short binary under `bin/` that wires a handler of this library to the runtime. A handler's
//! state holds only the clients that it uses, and the function's role in `template.yaml` grants just those calls.
//! `api`, `workflow` and `notify` never import each other; what callers see of a job (`job_view`, `links`), what a
//! webhook says and how it is posted (`webhook_body`, `signed_post`), how a batch is stopped (`stop`) and a job removed
//! (`removal`) is beside them.

pub mod api;
pub mod delete_account;
pub mod notify;
pub mod reconcile_keys;
pub mod runtime;
pub mod shown_prices;
pub mod telemetry;
pub mod workflow;

mod job_view;
mod links;
mod named_schemas;
mod removal;
mod signed_post;
mod stop;
mod webhook_body;

#[cfg(test)]
mod sample_jobs;
