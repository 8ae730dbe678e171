//! Telling people and programs that a job has ended: one e-mail, and a webhook until it arrives.

pub mod deliver_webhook;
pub mod send_email;

mod mail;
