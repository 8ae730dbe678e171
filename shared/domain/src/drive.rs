//! Google Drive: how its files are named, which of them are photos, and what we may do there.

use std::{cmp::Ordering, fmt, str::FromStr};

/// The type of folders.
pub const FOLDER_TYPE: &str = "application/vnd.google-apps.folder";

/// The type of shortcuts, which only point to another file.
pub const SHORTCUT_TYPE: &str = "application/vnd.google-apps.shortcut";

/// Google promises no form of its ids; those in use have 19 to 44 characters.
const LONGEST_ID: usize = 128;

/// A text that is not an id of Drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an id of Google Drive")]
pub struct NotAnId;

/// The id of a file or a folder; it is safe in paths, queries and headers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(String);

impl FileId {
    /// The top of a person's own Drive.
    pub fn root() -> Self {
        Self("root".to_owned())
    }

    /// As Google writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if is_token(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnId)
        }
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file, and the key that opens it where it was shared by a link before Google made such links longer
/// (<https://developers.google.com/workspace/drive/api/guides/resource-keys>).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileRef {
    /// Which file.
    pub id: FileId,
    /// Its key, if it has one.
    pub resource_key: Option<ResourceKey>,
}

impl FileRef {
    /// A file that needs no key.
    pub const fn plain(id: FileId) -> Self {
        Self {
            id,
            resource_key: None,
        }
    }
}

/// The key of a file that was shared by a link; it is safe in headers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourceKey(String);

impl ResourceKey {
    /// As Google writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ResourceKey {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if is_token(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnId)
        }
    }
}

fn is_token(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a file of this type may be a photo. Its bytes decide later.
pub fn is_image_type(mime_type: &str) -> bool {
    mime_type.starts_with("image/")
}

/// The order in which people expect names: 2 before 10, letter case aside. Names that are alike so far keep one order.
pub fn natural_order(one: &str, other: &str) -> Ordering {
    natord::compare_ignore_case(one, other).then_with(|| one.cmp(other))
}

/// How much of a person's Drive a deployment asks for (parameter `DriveScope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DriveScope {
    /// Everything may be looked at: we have a folder browser of our own.
    Readonly,
    /// Only files that the person picked, with Google's Picker, or that we made.
    File,
}

impl DriveScope {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Readonly, Self::File];

    /// Its name in the parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Readonly => "drive.readonly",
            Self::File => "drive.file",
        }
    }

    /// Its name at Google (<https://developers.google.com/workspace/drive/api/guides/api-specific-auth>).
    pub const fn url(self) -> &'static str {
        match self {
            Self::Readonly => "https://www.googleapis.com/auth/drive.readonly",
            Self::File => "https://www.googleapis.com/auth/drive.file",
        }
    }

    /// What is needed to put files into a Drive.
    pub const SAVING: Self = Self::File;
}

impl FromStr for DriveScope {
    type Err = NotAnId;

    fn from_str(name: &str) -> Result<Self, NotAnId> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == name)
            .ok_or(NotAnId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_nothing_that_could_leave_their_place() {
        for good in ["root", "1aB-_9", "0AJx5yQ2hUk9PVA", &"x".repeat(128)] {
            assert_eq!(
                good.parse::<FileId>().map(|id| id.to_string()),
                Ok(good.to_owned())
            );
        }
        for bad in ["", "a b", "../x", "a'b", "a/b", "é", "a\r\nb", &"x".repeat(129)] {
            assert_eq!(bad.parse::<FileId>(), Err(NotAnId), "{bad:?}");
            assert_eq!(bad.parse::<ResourceKey>(), Err(NotAnId), "{bad:?}");
        }
    }

    #[test]
    fn names_are_in_the_order_that_people_expect() {
        let mut names = [
            "cup 10.jpg",
            "Cup 2.jpg",
            "cup 1.jpg",
            "a.png",
            "cup 2.jpg",
            "cup 02.jpg",
            "B.png",
        ];
        names.sort_by(|one, other| natural_order(one, other));
        assert_eq!(
            names,
            [
                "a.png",
                "B.png",
                "cup 02.jpg",
                "cup 1.jpg",
                "Cup 2.jpg",
                "cup 2.jpg",
                "cup 10.jpg"
            ]
        );
    }

    #[test]
    fn scopes_have_a_short_and_a_whole_name() {
        for scope in DriveScope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
            assert!(scope.url().ends_with(scope.as_str()));
        }
        assert_eq!("drive".parse::<DriveScope>(), Err(NotAnId));
    }
}
