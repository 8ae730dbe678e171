//! A seller on the page: signs in with the embedded Google, connects their Drive, and has images made of a folder in it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::console::Step;
use crate::demo::api::{Job, Order, accepted, read};
use crate::error::Error;
use crate::stack::StackFile;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A browser in which the demo user is signed in.
#[derive(Debug)]
pub(crate) struct Seller {
    client: reqwest::Client,
    base_url: String,
    email: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// A folder in somebody's Drive.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DriveFile {
    id: String,
    /// What it is called.
    pub(crate) name: String,
    kind: String,
}

#[derive(Debug, Deserialize)]
struct DriveFiles {
    data: Vec<DriveFile>,
}

impl Seller {
    /// Signs the demo user in and connects their Drive, to read photos and to save images.
    pub(crate) async fn sign_in(file: &StackFile) -> Result<Self, Error> {
        let step = Step::begin("Sign-in");
        // Cookies and redirects are followed here one by one, as a browser would.
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::http("the page"))?;
        let seller = Self {
            client,
            base_url: file.base_url.clone(),
            email: file.user_email.clone(),
            cookies: RefCell::default(),
        };
        seller.through_google("/auth/google/login").await?;
        step.end(format!("as {} with Google", seller.email));
        let step = Step::begin("Google Drive");
        seller.through_google("/auth/google/drive?save=true").await?;
        step.end("connected, to read photos and to save images");
        Ok(seller)
    }

    /// The folder at a path like `Products/Espresso cup`.
    pub(crate) async fn folder(&self, path: &str) -> Result<DriveFile, Error> {
        let mut folder = DriveFile {
            id: "root".to_owned(),
            name: "My Drive".to_owned(),
            kind: "folder".to_owned(),
        };
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let files = self.files(&folder.id).await?;
            let found = files
                .iter()
                .find(|file| file.kind == "folder" && file.name == name);
            folder = found
                .cloned()
                .ok_or_else(|| no_folder(name, &folder.name, &files))?;
        }
        Ok(folder)
    }

    /// How many pictures are in a folder.
    pub(crate) async fn count_pictures(&self, folder_id: &str) -> Result<usize, Error> {
        let files = self.files(folder_id).await?;
        Ok(files.iter().filter(|file| file.kind == "image").count())
    }

    /// What a job of the photos in a folder would cost, in US dollars; nothing is started.
    pub(crate) async fn estimate(&self, folder: &DriveFile, order: &Order) -> Result<String, Error> {
        let wish = wish(folder, order);
        let answer: Value = self.post("/api/generate/drive?dry_run=true", &wish).await?;
        Ok(answer["estimated_usd"].as_str().unwrap_or_default().to_owned())
    }

    /// Starts a job of the photos in a folder, whose images are saved beside them and whose webhook goes to this address.
    pub(crate) async fn generate(
        &self,
        folder: &DriveFile,
        order: &Order,
        callback_url: &str,
    ) -> Result<Job, Error> {
        let mut wish = wish(folder, order);
        wish["callback_url"] = json!(callback_url);
        self.post("/api/generate/drive", &wish).await
    }

    async fn files(&self, folder: &str) -> Result<Vec<DriveFile>, Error> {
        let request = self.request(Method::GET, &format!("/api/drive/files?folder={folder}"));
        let files: DriveFiles = read(&accepted(request).await?, "a folder in Drive")?;
        Ok(files.data)
    }

    async fn post<T: serde::de::DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Error> {
        // Our own pages say where they are, which pages of others cannot.
        let request = self.request(Method::POST, path).header("origin", &self.base_url);
        read(&accepted(request.json(body)).await?, "the job")
    }

    /// Goes to Google from an address of ours, agrees to everything, and comes back.
    async fn through_google(&self, path: &str) -> Result<(), Error> {
        let authorize = location(&self.visit(&format!("{}{path}", self.base_url)).await?)?;
        let page = self.client.get(&authorize).send().await;
        let page = page.map_err(Error::http("Google"))?.text().await;
        let request = hidden_field(&page.map_err(Error::http("Google"))?, "request");
        let request = request.ok_or_else(|| Error::Demo("Google does not ask for a consent".to_owned()))?;
        let authorize = Url::parse(&authorize).map_err(|error| Error::Demo(error.to_string()))?;
        let scopes = authorize.query_pairs().find(|(name, _)| name == "scope");
        let scopes = scopes.map(|(_, scopes)| scopes.into_owned()).unwrap_or_default();
        let mut form = vec![
            ("request", request.as_str()),
            ("account", &self.email),
            ("decision", "allow"),
        ];
        form.extend(scopes.split(' ').map(|scope| ("scope", scope)));
        let mut decide = authorize.clone();
        decide.set_path("/o/oauth2/v2/auth/decision");
        decide.set_query(None);
        let decided = self.client.post(decide).form(&form).send().await;
        let back = location(&decided.map_err(Error::http("Google"))?)?;
        let landed = location(&self.visit(&back).await?)?;
        if landed.contains("error=") {
            return Err(Error::Demo(format!("signing in ends at {landed}")));
        }
        Ok(())
    }

    /// Goes to an address of ours and keeps the cookies that it sets.
    async fn visit(&self, url: &str) -> Result<Response, Error> {
        let request = self.client.get(url).header(COOKIE, self.cookie_header());
        let answer = request.send().await.map_err(Error::http("the page"))?;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap_or_default();
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.base_url);
        self.client
            .request(method, url)
            .header(COOKIE, self.cookie_header())
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

fn wish(folder: &DriveFile, order: &Order) -> Value {
    let mut wish = order.wish();
    wish["drive"] = json!({"folder_id": folder.id});
    wish["save_to_drive"] = json!(true);
    wish
}

fn no_folder(name: &str, parent: &str, files: &[DriveFile]) -> Error {
    let folders: Vec<&str> = files
        .iter()
        .filter(|file| file.kind == "folder")
        .map(|file| file.name.as_str())
        .collect();
    let there = if folders.is_empty() {
        "there are no folders in it".to_owned()
    } else {
        format!("it has {}", folders.join(", "))
    };
    Error::Usage(format!(
        "there is no folder \u{201c}{name}\u{201d} in {parent}; {there}"
    ))
}

/// Where an answer leads to.
fn location(answer: &Response) -> Result<String, Error> {
    let location = answer
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok());
    location.map(str::to_owned).ok_or_else(|| {
        Error::Demo(format!(
            "{} answers {} and leads nowhere",
            answer.url().path(),
            answer.status()
        ))
    })
}

/// The value of a hidden field in a page.
fn hidden_field(html: &str, name: &str) -> Option<String> {
    let field = html
        .split("<input")
        .find(|field| field.contains(&format!("name=\"{name}\"")))?;
    let value = field.split("value=\"").nth(1)?.split('"').next()?;
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_field_is_found_among_others() {
        let page = r#"<form><input type="hidden" name="other" value="no"><input type="hidden" name="request" value="abc"></form>"#;
        assert_eq!(hidden_field(page, "request").as_deref(), Some("abc"));
        assert_eq!(hidden_field(page, "missing"), None);
    }
}
