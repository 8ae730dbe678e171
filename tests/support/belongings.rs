//! What there is of a user, wherever it may be: for tests of what is left.

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_domain::job::Job;

use crate::stack::Stack;

/// The sort keys of all rows that mention one of these texts anywhere, after a look at the whole table.
pub async fn rows_about(stack: &Stack, texts: &[String]) -> Vec<String> {
    let client = aws_sdk_dynamodb::Client::new(&stack.config);
    let mut found = Vec::new();
    let mut start = None;
    loop {
        let scan = client
            .scan()
            .table_name(stack.output("TableName"))
            .consistent_read(true);
        let page = scan.set_exclusive_start_key(start.take()).send().await;
        let page = page.expect("the table is read");
        for item in page.items() {
            let row = format!("{item:?}");
            if texts.iter().any(|text| row.contains(text)) {
                let key = item.get("sk").and_then(|key| AttributeValue::as_s(key).ok());
                found.push(key.expect("every row has a key").clone());
            }
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            found.sort();
            return found;
        }
    }
}

/// The keys of everything in the bucket that is of this stack's user, or of one of these jobs.
pub async fn files_of(stack: &Stack, jobs: &[Job]) -> Vec<String> {
    let client = aws_sdk_s3::Client::new(&stack.config);
    let mut prefixes = vec![format!("uploads/{}/", stack.user.id)];
    prefixes.extend(jobs.iter().map(|job| job.image_path("")));
    let mut keys = Vec::new();
    for prefix in prefixes {
        let list = client
            .list_objects_v2()
            .bucket(stack.output("ImagesBucket"))
            .prefix(prefix);
        let page = list.send().await.expect("listed");
        let files = page.contents().iter();
        keys.extend(files.filter_map(|file| file.key().map(str::to_owned)));
    }
    keys
}

/// How many keys API Gateway has of these names.
pub async fn keys_at_the_gateway(stack: &Stack, names: &[String]) -> usize {
    let client = aws_sdk_apigateway::Client::new(&stack.config);
    let mut found = 0;
    for name in names {
        let keys = client.get_api_keys().name_query(name).send().await;
        found += keys.expect("a list").items.unwrap_or_default().len();
    }
    found
}
