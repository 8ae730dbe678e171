//! Creates a user with an API key in a deployed stack: the demo user of the local stack, or the first one of a new
//! deployment.
//!
//! It prints one line of JSON (`user_id`, `api_key`, `webhook_secret`); the key is shown this once.

use std::process::ExitCode;

use clap::Parser;
use packshot_clients::{
    accounts::Accounts,
    aws,
    error::Chain,
    keys::{KeyIssuer, NewKey},
    table::Table,
};
use packshot_domain::{
    id::UserId,
    limits::Plan,
    scope::Scopes,
    user::User,
    webhook::{SECRET_BYTES, Secret},
};
use serde_json::json;

/// Creates a user with an API key and prints them as JSON.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where mail about the user's jobs goes.
    #[arg(long)]
    email: String,
    /// The table (output `TableName` of the stack).
    #[arg(long)]
    table: String,
    /// The usage plan of the key (output `FreeUsagePlanId` or `ProUsagePlanId` of the stack).
    #[arg(long)]
    usage_plan_id: String,
    /// What the user pays for: `free` or `pro`.
    #[arg(long, default_value = "free", value_parser = parse_plan)]
    plan: Plan,
    /// The user to give another key to; without it, a new user is created.
    #[arg(long)]
    user_id: Option<UserId>,
    /// The Google account that a new user is to sign in with: the `sub` of its ID tokens.
    #[arg(long)]
    google_subject: Option<String>,
    /// The key's name, as its owner sees it in a list.
    #[arg(long, default_value = "First key")]
    key_name: String,
}

fn parse_plan(name: &str) -> Result<Plan, String> {
    Plan::parse(name).ok_or_else(|| "must be free or pro".to_owned())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match seed(&Arguments::parse()).await {
        Ok(created) => {
            #[expect(
                clippy::print_stdout,
                reason = "the answer of this command line is its output"
            )]
            {
                println!("{created}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "this is a command line")]
            {
                eprintln!("packshot-seed: {}", Chain(error.as_ref()));
            }
            ExitCode::FAILURE
        }
    }
}

async fn seed(arguments: &Arguments) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let config = aws::command_line_config().await?;
    let table = Table::new(&config, arguments.table.clone());
    let accounts = Accounts::new(table.clone());
    let id = arguments
        .user_id
        .unwrap_or_else(|| UserId::from_uuid(packshot_clients::clock::new_uuid()));
    let secret = Secret::from_random(rand::random::<[u8; SECRET_BYTES]>());
    let new = User::new(id, arguments.email.clone(), arguments.plan, secret);
    match &arguments.google_subject {
        Some(subject) => accounts.create_with_identity(&new, subject).await?,
        None => accounts.create(&new).await?,
    };
    // A user who was there before keeps their secret.
    let user = accounts
        .get(id)
        .await?
        .ok_or("the user was written and is not there")?;
    let new = NewKey {
        name: arguments.key_name.clone(),
        scopes: Scopes::ALL,
        valid_until: None,
    };
    let issued = KeyIssuer::new(&config, table)
        .issue(id, new, &arguments.usage_plan_id)
        .await?;
    Ok(json!({
        "user_id": user.id.to_string(),
        "key_id": issued.listed.id.to_string(),
        "api_key": issued.key.reveal(),
        "webhook_secret": user.webhook_secrets.first().map(Secret::reveal),
    }))
}
