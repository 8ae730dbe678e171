//! Small pictures of files, as Google makes them.

use bytes::{Bytes, BytesMut};
use packshot_domain::drive::FileRef;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{CALL_TIME_LIMIT, Drive, DriveError, DriveFile};
use crate::outbound;

/// The largest thumbnail that is taken.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// A small picture of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// Its type, always a picture's.
    pub content_type: String,
    /// The picture.
    pub bytes: Bytes,
}

impl Drive {
    /// The thumbnail of a file, with at most `side` pixels a side; of a shortcut, that of what it points to. A file
    /// without one is [`DriveError::NotFound`].
    pub async fn thumbnail(
        &self,
        token: &SecretString,
        file: &FileRef,
        side: u16,
    ) -> Result<Thumbnail, DriveError> {
        let mut found = self.file(token, file).await?;
        if found.thumbnail_link.is_none()
            && let Some(shortcut) = &found.shortcut
        {
            found = self.file(token, &shortcut.target).await?;
        }
        self.thumbnail_of(token, &found, side).await
    }

    /// The same for a file that was just looked at: the address of a thumbnail is good for hours only.
    pub async fn thumbnail_of(
        &self,
        token: &SecretString,
        file: &DriveFile,
        side: u16,
    ) -> Result<Thumbnail, DriveError> {
        let link = file.thumbnail_link.as_deref().ok_or(DriveError::NotFound)?;
        let url = self.trusted(&sized(link, side))?;
        let request = self
            .http
            .get(url)
            .bearer_auth(token.expose_secret())
            .timeout(CALL_TIME_LIMIT);
        let mut response = outbound::send::<DriveError>(request).await?;
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("");
        if !content_type.starts_with("image/") || content_type.starts_with("image/svg") {
            return Err(DriveError::unreadable("the thumbnail is no picture"));
        }
        let content_type = content_type.to_owned();
        let mut bytes = BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(DriveError::from_transport)? {
            if bytes.len() + part.len() > MOST_BYTES {
                return Err(DriveError::TooLarge);
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Thumbnail {
            content_type,
            bytes: bytes.freeze(),
        })
    }

    /// The address, if it is one of Google's: the token goes along, and an answer of somebody else's making must not have us
    /// call anywhere.
    fn trusted(&self, link: &str) -> Result<Url, DriveError> {
        let url = Url::parse(link).map_err(DriveError::unreadable)?;
        let is_googles = url.scheme() == "https"
            && url.port().is_none()
            && url
                .domain()
                .is_some_and(|host| host.ends_with(".googleusercontent.com"));
        if is_googles || url.origin() == self.base_url.origin() {
            Ok(url)
        } else {
            Err(DriveError::unreadable("the thumbnail is not at Google"))
        }
    }
}

/// The address of the same thumbnail in another size, which is its last part: `…=s220`.
fn sized(link: &str, side: u16) -> String {
    match link.rsplit_once("=s") {
        Some((stem, pixels)) if !pixels.is_empty() && pixels.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{stem}=s{side}")
        }
        _ => link.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_google_are_called_with_a_token() {
        let drive = Drive::new("https://www.googleapis.com").expect("an address");
        for good in [
            "https://lh3.googleusercontent.com/drive-storage/AbC=s220",
            "https://www.googleapis.com/thumbnails/1",
        ] {
            assert!(drive.trusted(good).is_ok(), "{good}");
        }
        for bad in [
            "http://lh3.googleusercontent.com/x",
            "https://lh3.googleusercontent.com.evil.example/x",
            "https://googleusercontent.com.evil.example/x",
            "https://evilgoogleusercontent.com/x",
            "https://lh3.googleusercontent.com:8443/x",
            "https://lh3.googleusercontent.com@evil.example/x",
            "https://169.254.169.254/latest/meta-data/",
            "http://www.googleapis.com/x",
            "file:///etc/passwd",
            "/x",
        ] {
            assert!(drive.trusted(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_size_is_the_end_of_the_address() {
        assert_eq!(sized("https://x/AbC=s220", 400), "https://x/AbC=s400");
        assert_eq!(sized("https://x/AbC=s220-c", 400), "https://x/AbC=s220-c");
        assert_eq!(sized("https://x/AbC", 400), "https://x/AbC");
    }
}
