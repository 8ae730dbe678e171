//! People's Google Drives: an account with files at the embedded Google, and the grant that its owner gave us there.

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use packshot_clients::{
    drive_grants::{DriveGrants, GoogleAccount, NewGrant},
    google::{AuthorizationRequest, GoogleOauth, Tokens, drive::Drive},
    sealing::Sealing,
    user_drive::UserDrives,
};
use packshot_domain::{drive::DriveScope, id::UserId};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use crate::{
    browser::{Browser, Consent},
    stack::Stack,
};

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The permission to look at everything.
pub const READ: &str = DriveScope::Readonly.url();

/// The permission to put files there.
pub const SAVE: &str = DriveScope::SAVING.url();

/// An account at the embedded Google with its Drive.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its address.
    pub email: String,
    /// Its subject.
    pub subject: String,
    files: BTreeMap<String, String>,
}

impl Account {
    /// Makes an account with this Drive.
    pub async fn with(stack: &Stack, drive: &Value) -> Self {
        let id = packshot_clients::clock::new_uuid().simple();
        let wanted = json!({"email": format!("{id}@drive.example"), "drive": drive});
        let made = stack.google.add_account(&wanted).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            email: text(&made["email"]),
            subject: text(&made["sub"]),
            files: serde_json::from_value(made["files"].clone()).expect("ids by path"),
        }
    }

    /// The id of a file by its path in the tree; of its Drive for the empty path.
    pub fn id(&self, path: &str) -> &str {
        self.files
            .get(path)
            .unwrap_or_else(|| panic!("{path} is not among {:?}", self.files))
    }

    /// Has its owner go through Google's consent; the answer is what Google gave for it.
    pub async fn consent(&self, stack: &Stack, scopes: &[&str]) -> Tokens {
        let oauth = oauth(stack);
        let back: Url = format!("{}/auth/google/callback", stack.base_url())
            .parse()
            .expect("a URL");
        let authorize = oauth
            .authorization_url(&AuthorizationRequest {
                redirect_uri: &back,
                scopes: &[&["openid", "email"], scopes].concat(),
                state: "state",
                nonce: "nonce",
                code_challenge: CHALLENGE,
                login_hint: None,
                is_offline: true,
            })
            .await
            .expect("an address");
        let mut browser = Browser::new(stack);
        let led_back = browser.consent(&authorize, &Consent::of(&self.email)).await;
        let led_back = Url::parse(&led_back).expect("a URL");
        let code = led_back.query_pairs().find(|(name, _)| name == "code");
        let code = code.expect("a code").1.into_owned();
        oauth.exchange(&code, VERIFIER, &back).await.expect("tokens")
    }

    /// The same as a grant to be saved.
    pub async fn grant(&self, stack: &Stack, scopes: &[&str]) -> NewGrant {
        let tokens = self.consent(stack, scopes).await;
        NewGrant {
            account: GoogleAccount {
                subject: self.subject.clone(),
                email: self.email.clone(),
            },
            refresh_token: tokens.refresh_token,
            access: tokens.access,
        }
    }

    /// Connects it to the test's user.
    pub async fn connect(&self, stack: &Stack, scopes: &[&str]) {
        let grant = self.grant(stack, scopes).await;
        grants(stack).save(stack.user.id, &grant).await.expect("saved");
    }

    /// Takes the grant back, as its owner can at Google.
    pub async fn revoke(&self, stack: &Stack) {
        self.order(stack, "__grants/revoke").await;
    }

    /// Ends its access tokens before their time.
    pub async fn expire_access_tokens(&self, stack: &Stack) {
        self.order(stack, "__access_tokens/expire").await;
    }

    async fn order(&self, stack: &Stack, path: &str) {
        let email = json!({"email": self.email});
        stack.google.order(Method::POST, path, &email).await;
    }

    /// How often an operation was called for it since the test began.
    pub async fn calls(&self, stack: &Stack, operation: &str) -> usize {
        let calls = stack.google.calls().await;
        let of_it = |call: &&Value| call["operation"] == operation && call["account"] == self.email.as_str();
        calls.iter().filter(of_it).count()
    }
}

/// Makes an account with this Drive and connects it to the test's user.
pub async fn connect(stack: &Stack, drive: Value, scopes: &[&str]) -> Account {
    let account = Account::with(stack, &drive).await;
    account.connect(stack, scopes).await;
    account
}

/// A picture in a Drive.
pub fn picture(name: &str) -> Value {
    json!({"name": name, "picture": {"seed": format!("cup {name}"), "width": 320, "height": 320}})
}

/// The embedded Google's OAuth with our client.
pub fn oauth(stack: &Stack) -> GoogleOauth {
    let parameter = "/packshot/dev/google-client".to_owned();
    GoogleOauth::new(&stack.config, stack.google.url(), parameter).expect("a client")
}

/// The grants, as a process that has just begun sees them.
pub fn grants(stack: &Stack) -> DriveGrants {
    let sealing = Sealing::new(&stack.config, stack.output("SealingKeyArn").to_owned());
    DriveGrants::new(stack.table.clone(), sealing, Arc::new(oauth(stack)))
}

/// Everybody's Drives, as we get at them.
pub fn drives(stack: &Stack) -> UserDrives {
    UserDrives::new(Drive::new(stack.google.url()).expect("an address"), grants(stack))
}

/// A grant's row, read and edited behind the product's back.
#[derive(Debug)]
pub struct GrantRow {
    client: Client,
    table: String,
}

/// What is in a row.
pub type Attributes = std::collections::HashMap<String, AttributeValue>;

impl GrantRow {
    /// The rows of a stack.
    pub fn of(stack: &Stack) -> Self {
        Self {
            client: Client::new(&stack.config),
            table: stack.output("TableName").to_owned(),
        }
    }

    /// The row of a user; `None` where there is none.
    pub async fn read(&self, user: UserId) -> Option<Attributes> {
        let read = self.client.get_item().table_name(&self.table);
        let read = read.set_key(Some(key(user))).consistent_read(true);
        read.send().await.expect("read").item
    }

    /// Writes a row for a user.
    pub async fn write(&self, user: UserId, mut row: Attributes) {
        row.extend(key(user));
        let put = self.client.put_item().table_name(&self.table);
        put.set_item(Some(row)).send().await.expect("written");
    }

    /// Sets a moment in a user's row.
    pub async fn set_time(&self, user: UserId, attribute: &str, time: jiff::Timestamp) {
        let mut row = self.read(user).await.expect("a row");
        row.insert(attribute.to_owned(), AttributeValue::S(time.to_string()));
        self.write(user, row).await;
    }

    /// Makes the access token in a user's row too old.
    pub async fn outdate(&self, user: UserId) {
        self.set_time(user, "access_expires_at", packshot_clients::clock::now())
            .await;
    }
}

fn key(user: UserId) -> Attributes {
    Attributes::from([
        ("pk".to_owned(), AttributeValue::S(format!("USER#{user}"))),
        ("sk".to_owned(), AttributeValue::S("DRIVE".to_owned())),
    ])
}
