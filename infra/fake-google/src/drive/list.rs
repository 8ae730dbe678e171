//! Lists of files and of shared drives, in pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Drive;
use super::error::DriveError;
use super::file::File;
use super::mask::Mask;
use super::matching::Sorting;
use super::query::Query;
use super::resource::{FILE_FIELDS, USUAL_FIELDS};
use super::store::{Store, Viewer};
use crate::oauth::Parameters;

/// Entries on a page, unless asked otherwise.
const USUAL_PAGE_SIZE: usize = 100;

const LIST_FIELDS: &[&str] = &["files", "incompleteSearch", "kind", "nextPageToken"];
const DRIVE_LIST_FIELDS: &[&str] = &["drives", "kind", "nextPageToken"];

/// Where is searched.
#[derive(Debug, PartialEq, Eq)]
enum Corpora<'a> {
    User,
    Drive(&'a str),
    AllDrives,
}

/// The part of a list that a call is to get.
#[derive(Debug)]
struct Page {
    size: usize,
    from: usize,
    /// Stands in the token: one of another search is not taken.
    search: String,
}

impl Drive {
    /// `GET /drive/v3/files`.
    pub(super) fn list(&self, parameters: &Parameters, viewer: &Viewer) -> Result<Value, DriveError> {
        let fields = parameters
            .get("fields")
            .map(|text| Mask::parse(text, LIST_FIELDS));
        let mask = match fields.transpose()? {
            Some(mask) => mask,
            None => Mask::parse(
                &format!("kind,nextPageToken,incompleteSearch,files({USUAL_FIELDS})"),
                LIST_FIELDS,
            )?,
        };
        let of_file = mask.inside("files");
        if let Some(name) = of_file.unknown(FILE_FIELDS) {
            let message = format!("Invalid field selection {name}");
            return Err(DriveError::parameter("fields", "invalidParameter", message));
        }
        let query = parameters.get("q").map(Query::parse).transpose()?;
        let sorting = Sorting::parse(parameters.get("orderBy").unwrap_or_default())?;
        let page = Page::read(parameters, &viewer.email, 1000)?;
        let corpora = Corpora::read(parameters, viewer)?;
        let includes_drives = parameters.get("includeItemsFromAllDrives") == Some("true");

        let (described, next, incomplete) = {
            let store = self.store();
            store.check_parents(query.as_ref(), viewer)?;
            let incomplete = corpora == Corpora::AllDrives && store.has_drive_out_of_reach(&viewer.email);
            let mut found: Vec<&File> = store
                .files
                .values()
                .filter(|file| store.is_in(file, &corpora, includes_drives, viewer))
                .filter(|file| {
                    query
                        .as_ref()
                        .is_none_or(|query| store.matches(file, query, viewer))
                })
                .collect();
            found.sort_by(|left, right| sorting.compare(left, right));
            let (part, next) = page.cut(&found);
            let described: Vec<_> = part.iter().map(|file| store.describe(file, viewer)).collect();
            (described, next, incomplete)
        };
        let now = self.clock.now().as_second();
        let files: Vec<Value> = described
            .iter()
            .map(|file| file.to_json(&of_file, &self.issuer, now))
            .collect();
        let mut body = json!({"kind": "drive#fileList", "incompleteSearch": incomplete});
        if let Some(token) = next {
            body["nextPageToken"] = json!(token);
        }
        let mut body = mask.apply(body);
        if mask.wants("files") {
            body["files"] = json!(files);
        }
        Ok(body)
    }

    /// `GET /drive/v3/drives`.
    pub(super) fn list_drives(&self, parameters: &Parameters, viewer: &Viewer) -> Result<Value, DriveError> {
        let page = Page::read(parameters, &viewer.email, 100)?;
        let store = self.store();
        let own: Vec<_> = store
            .drives
            .values()
            .filter(|drive| drive.members.contains_key(&viewer.email))
            .collect();
        let (part, next) = page.cut(&own);
        let drives: Vec<Value> = part
            .iter()
            .map(|drive| json!({"kind": "drive#drive", "id": drive.id, "name": drive.name}))
            .collect();
        let mut body = json!({"kind": "drive#driveList", "drives": drives});
        if let Some(token) = next {
            body["nextPageToken"] = json!(token);
        }
        match parameters.get("fields") {
            Some(text) => Ok(Mask::parse(text, DRIVE_LIST_FIELDS)?.apply(body)),
            None => Ok(body),
        }
    }
}

impl Store {
    /// A search in a folder that is not there, or may not be seen, is refused.
    fn check_parents(&self, query: Option<&Query>, viewer: &Viewer) -> Result<(), DriveError> {
        for id in query.map(Query::parents).unwrap_or_default() {
            // Google's answer does not repeat the id.
            self.visible(id, viewer).map_err(|_| DriveError::no_file(""))?;
        }
        Ok(())
    }

    fn has_drive_out_of_reach(&self, email: &str) -> bool {
        let own = |drive: &&super::file::SharedDrive| drive.members.contains_key(email);
        self.drives.values().filter(own).any(|drive| drive.out_of_reach)
    }

    fn is_in(&self, file: &File, corpora: &Corpora<'_>, includes_drives: bool, viewer: &Viewer) -> bool {
        // The uppermost folders are in no list.
        let is_top = file.drive_id() == Some(&file.id) || file.id == Self::root_id(&viewer.email);
        if is_top || !self.sees(file, viewer) {
            return false;
        }
        // What anybody may read who has the link is not in the lists of those who were not named.
        if self.named_role(file, &viewer.email).is_none() {
            return false;
        }
        let out_of_reach = |id: &str| self.drives.get(id).is_some_and(|drive| drive.out_of_reach);
        match (corpora, file.drive_id()) {
            (Corpora::User | Corpora::AllDrives, None) => true,
            (Corpora::User, Some(_)) => includes_drives,
            (Corpora::Drive(wanted), own) => own == Some(*wanted),
            (Corpora::AllDrives, Some(id)) => !out_of_reach(id),
        }
    }
}

impl<'a> Corpora<'a> {
    fn read(parameters: &'a Parameters, viewer: &Viewer) -> Result<Self, DriveError> {
        let includes = parameters.get("includeItemsFromAllDrives") == Some("true");
        if includes && !viewer.knows_shared_drives {
            let message = "includeItemsFromAllDrives requires supportsAllDrives to be true.";
            return Err(DriveError::parameter(
                "includeItemsFromAllDrives",
                "invalid",
                message,
            ));
        }
        let drive = parameters.get("driveId");
        let corpora = match (parameters.get("corpora"), drive) {
            (None | Some("user" | "domain"), None) => return Ok(Self::User),
            (Some("drive"), Some(id)) => Self::Drive(id),
            (Some("allDrives"), None) => Self::AllDrives,
            (Some("drive"), None) => {
                let message =
                    "The driveId parameter must be specified if and only if corpora is set to drive.";
                return Err(DriveError::parameter("driveId", "required", message));
            }
            (None | Some("user" | "domain" | "allDrives"), Some(_)) => {
                let message =
                    "The driveId parameter must be specified if and only if corpora is set to drive.";
                return Err(DriveError::parameter("driveId", "invalid", message));
            }
            _ => return Err(DriveError::invalid("corpora")),
        };
        if includes {
            Ok(corpora)
        } else {
            let message =
                "Shared drives can be searched with includeItemsFromAllDrives and supportsAllDrives only.";
            Err(DriveError::parameter("corpora", "invalid", message))
        }
    }
}

impl Page {
    fn read(parameters: &Parameters, email: &str, largest: usize) -> Result<Self, DriveError> {
        let size = match parameters.get("pageSize") {
            None => USUAL_PAGE_SIZE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=largest).contains(size))
                .ok_or_else(|| {
                    let message =
                        format!("Invalid value '{text}'. Values must be within the range: [1, {largest}]");
                    DriveError::parameter("pageSize", "invalidParameter", message)
                })?,
        };
        let named =
            ["q", "orderBy", "corpora", "driveId"].map(|name| parameters.get(name).unwrap_or_default());
        let digest = Sha256::digest(format!("{email}\n{}", named.join("\n")));
        let search = hex::encode(&digest[..8]);
        let from = match parameters.get("pageToken") {
            None => 0,
            Some(token) => place(token, &search).ok_or_else(|| DriveError::invalid("pageToken"))?,
        };
        Ok(Self { size, from, search })
    }

    fn cut<'a, T>(&self, all: &'a [T]) -> (&'a [T], Option<String>) {
        let from = self.from.min(all.len());
        let to = (from + self.size).min(all.len());
        let token = || format!("~!!~{}", URL_SAFE_NO_PAD.encode(format!("{}.{to}", self.search)));
        (&all[from..to], (to < all.len()).then(token))
    }
}

/// The place that a token stands for, if it is one of this search.
fn place(token: &str, search: &str) -> Option<usize> {
    let text = URL_SAFE_NO_PAD.decode(token.strip_prefix("~!!~")?).ok()?;
    let text = String::from_utf8(text).ok()?;
    let (own, place) = text.split_once('.')?;
    place.parse().ok().filter(|_| own == search)
}
