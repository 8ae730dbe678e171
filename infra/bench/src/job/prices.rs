//! What AWS asks for a job, in us-east-1, beyond what is free each month.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Part;
use crate::table::Table;

/// A state transition (<https://aws.amazon.com/step-functions/pricing/>).
const TRANSITION: f64 = 0.025e-3;
/// An invocation, and a second with 1024 MB on arm64 (<https://aws.amazon.com/lambda/pricing/>).
const INVOCATION: f64 = 0.20e-6;
/// A gigabyte-second on arm64.
const GIGABYTE_SECOND: f64 = 0.000_013_333_4;
/// A write request unit and a read request unit (<https://aws.amazon.com/dynamodb/pricing/on-demand/>).
const WRITE_UNIT: f64 = 0.625e-6;
/// A read request unit.
const READ_UNIT: f64 = 0.125e-6;
/// A PUT and a GET (<https://aws.amazon.com/s3/pricing/>).
const PUT: f64 = 0.005e-3;
/// A GET.
const GET: f64 = 0.0004e-3;
/// A mail (<https://aws.amazon.com/ses/pricing/>).
const MAIL: f64 = 0.10e-3;
/// A call of a queue (<https://aws.amazon.com/sqs/pricing/>): the message is sent, received and deleted.
const QUEUE_CALL: f64 = 0.40e-6;
/// A call of the API (<https://aws.amazon.com/api-gateway/pricing/>).
const API_CALL: f64 = 3.50e-6;

/// What each service asks, in USD.
#[derive(Debug, Serialize)]
pub(super) struct Bill {
    services: BTreeMap<&'static str, f64>,
    /// All of AWS.
    aws: f64,
    /// What Gemini asks for the images, by the project's list of prices.
    gemini: f64,
}

impl Bill {
    #[expect(clippy::cast_precision_loss, reason = "counts of one job are small")]
    pub(super) fn of(parts: &BTreeMap<String, Part>, transitions: u64, gemini_micro_usd: u64) -> Self {
        let sum = |value: fn(&Part) -> u64| parts.values().map(value).sum::<u64>() as f64;
        let called = |name: &str| {
            let calls = parts.values().filter_map(|part| part.aws_calls.get(name));
            calls.sum::<u64>() as f64
        };
        let gigabyte_seconds: f64 = parts
            .values()
            .map(|part| part.seconds * part.memory_megabytes as f64 / 1024.0)
            .sum();
        let services = BTreeMap::from([
            ("Step Functions", transitions as f64 * TRANSITION),
            (
                "Lambda",
                sum(|part| part.invocations) * INVOCATION + gigabyte_seconds * GIGABYTE_SECOND,
            ),
            (
                "DynamoDB",
                sum(|part| part.table_write_units) * WRITE_UNIT
                    + sum(|part| part.table_read_units) * READ_UNIT,
            ),
            (
                "S3",
                called("s3 PUT") * PUT + (called("s3 GET") + called("s3 HEAD")) * GET,
            ),
            ("SES", called("ses POST") * MAIL),
            ("SQS", 3.0 * QUEUE_CALL),
            ("API Gateway", API_CALL),
        ]);
        Self {
            aws: services.values().sum(),
            services,
            gemini: gemini_micro_usd as f64 / 1e6,
        }
    }

    /// The bill, largest first, with each service's share.
    pub(super) fn table(&self, transitions: u64, polls: u64) -> Table {
        let mut table = Table::new(&["for one job of ten images", "USD", "of AWS"]);
        let mut services: Vec<_> = self.services.iter().collect();
        services.sort_by(|one, other| other.1.total_cmp(one.1));
        for (name, usd) in services {
            let name = match *name {
                "Step Functions" => format!("{name}: {transitions} transitions, {polls} polls"),
                name => name.to_owned(),
            };
            table.row([
                name,
                format!("{usd:.6}"),
                format!("{:.0} %", 100.0 * usd / self.aws),
            ]);
        }
        table.row([
            "all of AWS".to_owned(),
            format!("{:.6}", self.aws),
            "100 %".to_owned(),
        ]);
        let ratio = |of: f64| {
            if of > 0.0 {
                format!("{:.0}x", of / self.aws)
            } else {
                "-".to_owned()
            }
        };
        table.row([
            "Gemini".to_owned(),
            format!("{:.6}", self.gemini),
            ratio(self.gemini),
        ]);
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_the_sum_of_its_services() {
        let part = Part {
            invocations: 1,
            seconds: 2.0,
            memory_megabytes: 512,
            aws_calls: BTreeMap::from([("s3 PUT".to_owned(), 21)]),
            table_writes: 1,
            table_write_units: 10,
            table_read_units: 4,
        };
        let bill = Bill::of(
            &BTreeMap::from([("collect-images".to_owned(), part)]),
            20,
            335_000,
        );
        let close = |value: f64, expected: f64| (value - expected).abs() < 1e-12;
        assert!(close(bill.services["Step Functions"], 0.0005));
        assert!(close(bill.services["Lambda"], 0.2e-6 + 0.000_013_333_4));
        assert!(close(bill.services["S3"], 0.000_105));
        assert!(close(bill.aws, bill.services.values().sum()));
        assert!(close(bill.gemini, 0.335));
    }
}
