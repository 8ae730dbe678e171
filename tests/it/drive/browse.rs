//! Looking through somebody's Drive on the page: folders, searches, pages, thumbnails, and what can be in the way.

use packshot_tests::{
    api::Answer,
    browser::{Browser, Consent, Page},
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{connected, seller};

const FILES: &str = "/api/drive/files";

async fn list(browser: &mut Browser, query: &str) -> Value {
    let answer = browser.fetch(Method::GET, &format!("{FILES}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer.body
}

async fn refusal(browser: &mut Browser, query: &str) -> Answer {
    browser.fetch(Method::GET, &format!("{FILES}?{query}")).await
}

fn names(list: &Value) -> Vec<&str> {
    let files = list["data"].as_array().expect("a list").iter();
    files.map(|file| file["name"].as_str().expect("a name")).collect()
}

fn way(list: &Value) -> Vec<&str> {
    let crumbs = list["breadcrumbs"].as_array().expect("breadcrumbs").iter();
    crumbs
        .map(|crumb| crumb["name"].as_str().expect("a name"))
        .collect()
}

/// The id of a file in a list.
fn id_of<'l>(list: &'l Value, name: &str) -> &'l str {
    let files = list["data"].as_array().expect("a list").iter();
    let mut found = files.filter(|file| file["name"] == name);
    let file = found.next().unwrap_or_else(|| panic!("no {name}: {list}"));
    file["id"].as_str().expect("an id")
}

fn picture(name: &str) -> Value {
    json!({"name": name, "mime_type": "image/png", "picture": {"width": 96, "height": 64}})
}

#[tokio::test]
async fn folders_come_first_and_lead_on_and_back() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [
        picture("loose.png"),
        {"name": "notes.txt", "mime_type": "text/plain", "text": "no picture"},
        {"name": "Products", "folder": true, "children": [
            {"name": "Cups", "folder": true, "children": [picture("10.png"), picture("2.png"), picture("1.png")]},
        ]},
    ]});
    let (mut browser, _) = connected(&stack, &tree).await;
    let top = list(&mut browser, "").await;
    assert_eq!(
        (names(&top), way(&top)),
        (vec!["Products", "loose.png"], vec!["My Drive"])
    );
    assert_eq!(
        (&top["data"][0]["kind"], &top["data"][1]["kind"]),
        (&json!("folder"), &json!("image"))
    );
    let products = list(&mut browser, &format!("folder={}", id_of(&top, "Products"))).await;
    let cups = list(&mut browser, &format!("folder={}", id_of(&products, "Cups"))).await;
    assert_eq!(names(&cups), ["1.png", "2.png", "10.png"], "as people count");
    assert_eq!(way(&cups), ["My Drive", "Products", "Cups"]);
    let back = cups["breadcrumbs"][1]["id"].as_str().expect("an id");
    assert_eq!(list(&mut browser, &format!("folder={back}")).await, products);
    let photo = &cups["data"][0];
    assert_eq!(
        (&photo["width"], &photo["height"], &photo["content_type"]),
        (&json!(96), &json!(64), &json!("image/png")),
        "{photo}"
    );
}

#[tokio::test]
async fn long_folders_come_in_pages_and_nothing_twice() {
    let stack = Stack::connect().await;
    let files: Vec<Value> = (1..=130)
        .map(|number| picture(&format!("{number}.png")))
        .collect();
    let (mut browser, _) = connected(&stack, &json!({"files": files})).await;
    let mut seen = Vec::new();
    let mut query = String::new();
    for page in 1.. {
        let found = list(&mut browser, &query).await;
        seen.extend(names(&found).into_iter().map(str::to_owned));
        assert_eq!(found["breadcrumbs"].is_null(), page > 1, "on the first page only");
        let Some(token) = found["next_page_token"].as_str() else {
            assert_eq!((page, &found["has_more"]), (3, &json!(false)));
            break;
        };
        assert_eq!(found["has_more"], true);
        query = format!("page_token={token}");
    }
    let expected: Vec<String> = (1..=130).map(|number| format!("{number}.png")).collect();
    assert_eq!(seen, expected);
    let gone = refusal(&mut browser, "page_token=nonsense").await;
    gone.assert_problem(422, "invalid_fields");
    assert_eq!(gone.field_codes(), ["page_token invalid_page_token"]);
}

#[tokio::test]
async fn searches_look_everywhere_or_in_one_folder() {
    let stack = Stack::connect().await;
    let tree = json!({"files": [
        {"name": "Cups", "folder": true, "children": [picture("red cup.png"), picture("it's a \\ cup.png")]},
        picture("cup.png"), picture("vase.png"),
    ]});
    let (mut browser, _) = connected(&stack, &tree).await;
    let found = list(&mut browser, "q=cup").await;
    assert_eq!(
        names(&found),
        ["Cups", "cup.png", "it's a \\ cup.png", "red cup.png"]
    );
    let folder = id_of(&found, "Cups").to_owned();
    let inside = list(&mut browser, &format!("folder={folder}&q=red")).await;
    assert_eq!(names(&inside), ["red cup.png"]);
    let quoted = list(&mut browser, "q=it%27s+a+%5C").await;
    assert_eq!(names(&quoted), ["it's a \\ cup.png"]);
    assert!(names(&list(&mut browser, "q=%27+or+trashed+%3D+true").await).is_empty());
    assert_eq!(
        names(&list(&mut browser, "q=++").await),
        ["Cups", "cup.png", "vase.png"]
    );
    refusal(&mut browser, &format!("q={}", "x".repeat(201)))
        .await
        .assert_problem(422, "invalid_fields");
}

#[tokio::test]
async fn what_is_shared_is_found_where_people_look_for_it() {
    let stack = Stack::connect().await;
    let tree = json!({
        "files": [{"name": "to the vase", "shortcut_to": "Studio/Vases/vase.png"}, {"name": "to nowhere", "shortcut_to": "1nowhere"}],
        "shared_with_me": [{"name": "From a friend", "folder": true, "children": [picture("gift.png")]}],
        "shared_drives": [{"name": "Studio", "files": [{"name": "Vases", "folder": true, "children": [picture("vase.png")]}]}],
    });
    let (mut browser, _) = connected(&stack, &tree).await;
    let drives = list(&mut browser, "folder=shared_drives").await;
    assert_eq!(
        (names(&drives), way(&drives)),
        (vec!["Studio"], vec!["Shared drives"])
    );
    let studio = list(&mut browser, &format!("folder={}", id_of(&drives, "Studio"))).await;
    assert_eq!(way(&studio), ["Shared drives", "Studio"]);
    let vases = list(&mut browser, &format!("folder={}", id_of(&studio, "Vases"))).await;
    assert_eq!(way(&vases), ["Shared drives", "Studio", "Vases"]);

    let shared = list(&mut browser, "folder=shared_with_me").await;
    assert_eq!(names(&shared), ["From a friend"]);
    let gifts = list(
        &mut browser,
        &format!("folder={}", id_of(&shared, "From a friend")),
    )
    .await;
    assert_eq!(
        (names(&gifts), way(&gifts)),
        (vec!["gift.png"], vec!["Shared with me", "From a friend"])
    );

    let top = list(&mut browser, "").await;
    let shortcut = top["data"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|file| file["name"] == "to the vase");
    let shortcut = shortcut.expect("the shortcut");
    assert_eq!(
        (&shortcut["id"], &shortcut["is_shortcut"], &shortcut["kind"]),
        (&json!(id_of(&vases, "vase.png")), &json!(true), &json!("image")),
        "it is named by what it points to"
    );
}

#[tokio::test]
async fn files_that_can_be_no_photo_say_why() {
    let stack = Stack::connect().await;
    let mut large = picture("large.png");
    large["size"] = json!(51 * 1024 * 1024);
    let mut locked = picture("locked.png");
    locked["can_download"] = json!(false);
    let (mut browser, _) = connected(&stack, &json!({"files": [large, locked, picture("good.png")]})).await;
    let found = list(&mut browser, "").await;
    let why = |name: &str| {
        let mut files = found["data"].as_array().expect("a list").iter();
        files.find(|file| file["name"] == name).expect("the file")["unusable"].clone()
    };
    assert_eq!(why("large.png"), "too_large");
    assert_eq!(why("locked.png"), "not_downloadable");
    assert_eq!(why("good.png"), Value::Null);
}

async fn thumbnail(browser: &mut Browser, file: &Value) -> Page {
    browser
        .image(file["thumbnail_url"].as_str().expect("an address"))
        .await
}

#[tokio::test]
async fn thumbnails_come_through_us_and_stay_with_their_owner() {
    let stack = Stack::connect().await;
    let (mut browser, _) = connected(&stack, &json!({"files": [picture("cup.png")]})).await;
    let found = list(&mut browser, "").await;
    let file = &found["data"][0];
    let shown = thumbnail(&mut browser, file).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    let header = |name: &str| shown.headers[name].to_str().expect("a text");
    assert!(header("content-type").starts_with("image/"), "{shown:?}");
    assert_eq!(header("cache-control"), "private, max-age=86400");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(!found.to_string().contains("googleusercontent"), "{found}");
    assert!(!found.to_string().contains(stack.google.url()), "{found}");

    // Somebody else's Drive has no such file, and nobody's Drive has such a name.
    let (mut other, _) = connected(&stack, &json!({"files": []})).await;
    assert_eq!(thumbnail(&mut other, file).await.status, 404);
    let odd = browser
        .fetch(Method::GET, &format!("{FILES}/a%27b/thumbnail"))
        .await;
    odd.assert_problem(404, "drive_file_not_found");
    let mut nobody = Browser::new(&stack);
    assert_eq!(thumbnail(&mut nobody, file).await.status, 401);
}

#[tokio::test]
async fn each_trouble_of_drive_has_its_own_words() {
    let stack = Stack::connect().await;
    let (mut browser, email) = connected(&stack, &json!({"files": [picture("cup.png")]})).await;
    for (fault, status, code) in [
        (
            json!({"status": 403, "reason": "userRateLimitExceeded", "times": 9}),
            503,
            "drive_rate_limited",
        ),
        (json!({"status": 429, "times": 9}), 503, "drive_rate_limited"),
        (json!({"status": 500, "times": 9}), 503, "drive_unavailable"),
        (json!({"drop_reply": true, "times": 9}), 503, "drive_unavailable"),
        (json!({"status": 404, "times": 9}), 404, "drive_file_not_found"),
        (
            json!({"status": 403, "reason": "domainPolicy", "times": 9}),
            403,
            "drive_refused",
        ),
        (
            json!({"status": 403, "reason": "insufficientPermissions", "times": 9}),
            409,
            "drive_scope_missing",
        ),
    ] {
        stack.google.faults(json!({"drive_list": [fault]})).await;
        let answer = refusal(&mut browser, "").await;
        answer.assert_problem(status, code);
        if status == 503 {
            assert!(answer.headers.contains_key("retry-after"), "{fault}: {answer:?}");
        }
        stack.google.faults(json!({})).await;
    }
    // A short trouble is not worth telling about.
    stack
        .google
        .faults(json!({"drive_list": [{"status": 503}]}))
        .await;
    assert_eq!(names(&list(&mut browser, "").await), ["cup.png"]);
    // A token that is refused before its time is replaced; a grant that was taken back is not.
    stack
        .google
        .order(Method::POST, "__access_tokens/expire", &json!({"email": email}))
        .await;
    assert_eq!(names(&list(&mut browser, "").await), ["cup.png"]);
    stack
        .google
        .order(Method::POST, "__grants/revoke", &json!({"email": email}))
        .await;
    refusal(&mut browser, "")
        .await
        .assert_problem(409, "drive_reconnect_needed");
    let connection = browser.fetch(Method::GET, "/api/drive").await.body;
    assert_eq!(
        (&connection["connected"], &connection["needs_reconnect"]),
        (&json!(false), &json!(true))
    );
    // Connecting it again mends it.
    let page = browser
        .sign_in_by("/auth/google/drive?next=/new", &Consent::of(&email))
        .await;
    assert_eq!(page.location(), "/new");
    assert_eq!(names(&list(&mut browser, "").await), ["cup.png"]);
}

#[tokio::test]
async fn without_a_drive_there_is_the_way_to_one() {
    let stack = Stack::connect().await;
    let mut browser = seller(&stack).await.0;
    let answer = refusal(&mut browser, "").await;
    answer.assert_problem(409, "drive_not_connected");
    assert!(
        answer.body["detail"]
            .as_str()
            .expect("a detail")
            .contains("/auth/google/drive")
    );
    let picker = browser.fetch(Method::GET, "/api/drive/picker").await;
    picker.assert_problem(409, "picker_not_used");
}
