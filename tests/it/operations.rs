//! What operators see and read: alarms that go off, log lines that tell a request's whole story, a threat model that names its
//! tests.

mod alarms;
mod log;
mod threat_model;
