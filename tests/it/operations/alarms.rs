//! Every alarm of the template goes off when its metric crosses the line, and tells its topic.

use aws_sdk_cloudwatch::{
    Client,
    primitives::DateTime,
    types::{ComparisonOperator, Dimension, MetricAlarm, MetricDatum, StateValue},
};
use packshot_clients::clock;
use packshot_tests::{eventually, stack::Stack};
use serde_json::Value;

use crate::template::{repository, template};

/// The alarms of the stack, as CloudWatch has them.
async fn alarms(client: &Client, names: Vec<String>) -> Vec<MetricAlarm> {
    let found = client.describe_alarms().set_alarm_names(Some(names)).send().await;
    found.expect("alarms").metric_alarms.unwrap_or_default()
}

/// The names of the template's alarms, without the stage.
fn names() -> Vec<String> {
    let template = template();
    let resources = template["Resources"].as_object().expect("resources");
    let alarms = resources
        .values()
        .filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm");
    alarms
        .map(|alarm| {
            let name = &alarm["Properties"]["AlarmName"]["Fn::Sub"];
            let name = name.as_str().expect("a name with the stage");
            name.strip_prefix("packshot-${Stage}-")
                .expect("it begins as all names do")
                .to_owned()
        })
        .collect()
}

/// How often a value is measured, so that it is more than one in a hundred of what the other tests have caused.
const OFTEN: f64 = 1000.0;

/// Every alarm of the template, as CloudWatch has it.
async fn deployed(client: &Client) -> Vec<MetricAlarm> {
    let wanted: Vec<String> = names()
        .iter()
        .map(|name| format!("packshot-dev-{name}"))
        .collect();
    let deployed = alarms(client, wanted.clone()).await;
    assert_eq!(deployed.len(), wanted.len(), "each alarm is deployed");
    deployed
}

/// Has the metric of an alarm take this value now: once, or often where the alarm looks at a percentile.
async fn measure(client: &Client, alarm: &MetricAlarm, value: f64) {
    let datum = MetricDatum::builder()
        .metric_name(alarm.metric_name.clone().expect("a metric"))
        .set_dimensions(alarm.dimensions.clone())
        .values(value)
        .counts(if alarm.extended_statistic.is_some() {
            OFTEN
        } else {
            1.0
        })
        .timestamp(DateTime::from_secs(clock::now().as_second()))
        .build();
    let put = client
        .put_metric_data()
        .namespace(alarm.namespace.clone().expect("a namespace"))
        .metric_data(datum);
    put.send().await.expect("the metric is taken");
}

/// A value on the wrong side of an alarm's line.
fn beyond(alarm: &MetricAlarm) -> f64 {
    let line = alarm.threshold.expect("a line");
    match alarm.comparison_operator.as_ref().expect("an operator") {
        ComparisonOperator::GreaterThanThreshold | ComparisonOperator::GreaterThanOrEqualToThreshold => {
            line + 1.0
        }
        // MiniStack adds up the invocations of all functions, so that zero of one of them would not be seen.
        ComparisonOperator::LessThanThreshold => line - 1_000_000.0,
        other => panic!("{other} is not known here"),
    }
}

#[tokio::test]
async fn each_alarm_goes_off_when_its_line_is_crossed() {
    let stack = Stack::connect().await;
    let client = Client::new(&stack.config);
    for alarm in &deployed(&client).await {
        let name = alarm.alarm_name.clone().expect("a name");
        measure(&client, alarm, beyond(alarm)).await;
        eventually(&format!("the alarm {name}"), async || {
            let now = alarms(&client, vec![name.clone()]).await;
            (now[0].state_value == Some(StateValue::Alarm)).then_some(())
        })
        .await;
        let actions = alarm.alarm_actions.clone().unwrap_or_default();
        assert_eq!(actions, [stack.output("AlarmTopicArn")], "{name}");
    }
}

/// An alarm on a metric that nobody writes would never go off. Ours are named here as the functions write them; those of AWS have
/// a dimension each, but for the two that an account has in common.
#[tokio::test]
async fn alarms_on_our_metrics_have_the_dimensions_that_these_are_written_with() {
    let stack = Stack::connect().await;
    let client = Client::new(&stack.config);
    let mut ours = Vec::new();
    for alarm in deployed(&client).await {
        if alarm.namespace.as_deref() != Some(packshot_clients::metrics::NAMESPACE) {
            continue;
        }
        let of = |dimension: &Dimension| dimension.name.clone().unwrap_or_default();
        let dimensions = alarm.dimensions.unwrap_or_default();
        let names: Vec<String> = dimensions.iter().map(of).collect();
        ours.push((alarm.metric_name.unwrap_or_default(), names.join("+")));
    }
    ours.sort();
    let expected = [
        ("CallErrors", "Stage+Provider"),
        ("CostUsd", "Stage"),
        ("JobsBroken", "Stage"),
        ("OldestQueuedSeconds", "Stage"),
        ("ProviderWaitSeconds", "Stage+Provider"),
    ];
    assert_eq!(
        ours,
        expected.map(|(metric, dimensions)| (metric.to_owned(), dimensions.to_owned()))
    );
}

#[test]
fn each_alarm_is_explained_to_operators() {
    let guide = std::fs::read_to_string(repository().join("docs/operations.md")).expect("the guide");
    for name in names() {
        assert!(
            guide.contains(&format!("\n### {name}\n")),
            "{name} has no section"
        );
    }
}

/// The dashboard is text within the template, which nothing else reads.
#[tokio::test]
async fn the_dashboard_is_read_by_cloudwatch() {
    let stack = Stack::connect().await;
    let client = Client::new(&stack.config);
    let dashboard = client.get_dashboard().dashboard_name("packshot-dev").send().await;
    let body = dashboard.expect("a dashboard").dashboard_body.expect("a body");
    let body: Value = serde_json::from_str(&body).expect("it is JSON");
    let widgets = body["widgets"].as_array().expect("widgets");
    assert!(widgets.len() > 10 && !body.to_string().contains("${"), "{body}");
}
