//! Looking around: the files of a folder, searches, shared drives.

use packshot_domain::drive::{FOLDER_TYPE, FileId, FileRef, SHORTCUT_TYPE};
use reqwest::Method;
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Drive, DriveError, ask,
    file::{DriveFile, FIELDS, WireFile},
};

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In this folder, sub-folders left out; the id of a shared drive is that of its top folder.
    Folder(&'a FileRef),
    /// Among what others have shared with this person.
    SharedWithMe,
    /// Everywhere that this person can look.
    Everywhere,
}

/// What to look for. Shortcuts count as what they point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// Pictures.
    Images,
    /// Folders, which come first, and pictures.
    FoldersAndImages,
}

/// A question for files.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// Where to look.
    pub place: Place<'a>,
    /// What for.
    pub kinds: Kinds,
    /// How names, or words in them, begin.
    pub text: Option<&'a str>,
    /// Where the last page ended.
    pub page_token: Option<&'a str>,
    /// How many at most, 1 to 1000; there may be fewer and yet another page.
    pub page_size: u16,
}

/// Some files, folders first, then by name in the order that people expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePage {
    /// The files.
    pub files: Vec<DriveFile>,
    /// Where the next page begins.
    pub next_page_token: Option<String>,
    /// Whether Drive has not looked at everything.
    pub is_incomplete: bool,
}

/// A drive that belongs to a team.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SharedDrive {
    /// Its id, and that of its top folder.
    #[serde(deserialize_with = "file_id")]
    pub id: FileId,
    /// Its name.
    pub name: String,
}

/// Some shared drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedDrivePage {
    /// The drives.
    pub drives: Vec<SharedDrive>,
    /// Where the next page begins.
    pub next_page_token: Option<String>,
}

impl Listing<'_> {
    /// The search, in Drive's language
    /// (<https://developers.google.com/workspace/drive/api/guides/ref-search-terms>).
    fn query(&self) -> String {
        let mut terms = match self.place {
            Place::Folder(folder) => vec![format!("{} in parents", quoted(folder.id.as_str()))],
            Place::SharedWithMe => vec!["sharedWithMe = true".to_owned()],
            Place::Everywhere => Vec::new(),
        };
        // What a shortcut points to cannot be searched for, hence all of them come and some are left out afterwards.
        let images = format!("mimeType contains 'image/' or mimeType = '{SHORTCUT_TYPE}'");
        terms.push(match self.kinds {
            Kinds::Images => format!("({images})"),
            Kinds::FoldersAndImages => format!("(mimeType = '{FOLDER_TYPE}' or {images})"),
        });
        terms.extend(self.text.map(|text| format!("name contains {}", quoted(text))));
        terms.push("trashed = false".to_owned());
        terms.join(" and ")
    }

    fn wants(&self, file: &DriveFile) -> bool {
        match self.kinds {
            Kinds::Images => file.is_image(),
            Kinds::FoldersAndImages => file.is_image() || file.is_folder(),
        }
    }
}

/// A text in a search.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

impl Drive {
    /// One page of files. A page token that Drive no longer takes is [`DriveError::PageTokenRejected`].
    pub async fn list(&self, token: &SecretString, listing: &Listing<'_>) -> Result<FilePage, DriveError> {
        let (query, page_size) = (listing.query(), listing.page_size.to_string());
        let fields = format!("nextPageToken,incompleteSearch,files({FIELDS})");
        let mut parameters = vec![
            ("q", query.as_str()),
            ("fields", &fields),
            ("pageSize", &page_size),
            ("orderBy", "folder,name_natural"),
            ("spaces", "drive"),
            ("supportsAllDrives", "true"),
            ("includeItemsFromAllDrives", "true"),
        ];
        // Without it, a search everywhere leaves out shared drives that this person has not opened yet.
        if listing.place == Place::Everywhere {
            parameters.push(("corpora", "allDrives"));
        }
        parameters.extend(listing.page_token.map(|token| ("pageToken", token)));
        let about = match listing.place {
            Place::Folder(folder) => Some(folder),
            Place::SharedWithMe | Place::Everywhere => None,
        };
        let url = self.url("drive/v3/files", parameters);
        let page: WirePage = ask(self.request(token, Method::GET, url, about)).await?;
        let files: Result<Vec<_>, _> = page.files.into_iter().map(DriveFile::try_from).collect();
        Ok(FilePage {
            files: files?.into_iter().filter(|file| listing.wants(file)).collect(),
            next_page_token: page.next_page_token,
            is_incomplete: page.incomplete_search,
        })
    }

    /// One page of the shared drives that this person is a member of.
    pub async fn shared_drives(
        &self,
        token: &SecretString,
        page_token: Option<&str>,
    ) -> Result<SharedDrivePage, DriveError> {
        let mut parameters = vec![("pageSize", "100"), ("fields", "nextPageToken,drives(id,name)")];
        parameters.extend(page_token.map(|token| ("pageToken", token)));
        let url = self.url("drive/v3/drives", parameters);
        let page: WireDrives = ask(self.request(token, Method::GET, url, None)).await?;
        Ok(SharedDrivePage {
            drives: page.drives,
            next_page_token: page.next_page_token,
        })
    }

    /// One shared drive. Its top folder has its id, but not its name.
    pub async fn shared_drive(&self, token: &SecretString, id: &FileId) -> Result<SharedDrive, DriveError> {
        let url = self.url(&format!("drive/v3/drives/{id}"), [("fields", "id,name")]);
        ask(self.request(token, Method::GET, url, None)).await
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePage {
    #[serde(default)]
    files: Vec<WireFile>,
    next_page_token: Option<String>,
    #[serde(default)]
    incomplete_search: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDrives {
    #[serde(default)]
    drives: Vec<SharedDrive>,
    next_page_token: Option<String>,
}

fn file_id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<FileId, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_stays_inside_its_quotes() {
        let folder = FileRef::plain("1aB-_9".parse().expect("an id"));
        let listing = Listing {
            place: Place::Folder(&folder),
            kinds: Kinds::Images,
            text: Some(r"Ann's \ cup' or name contains 'x"),
            page_token: None,
            page_size: 100,
        };
        assert_eq!(
            listing.query(),
            r"'1aB-_9' in parents and (mimeType contains 'image/' or mimeType = 'application/vnd.google-apps.shortcut') and name contains 'Ann\'s \\ cup\' or name contains \'x' and trashed = false"
        );
        let everywhere = Listing {
            place: Place::Everywhere,
            kinds: Kinds::FoldersAndImages,
            text: None,
            ..listing
        };
        assert!(
            everywhere
                .query()
                .starts_with("(mimeType = 'application/vnd.google-apps.folder' or ")
        );
    }
}
