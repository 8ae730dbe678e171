//! What a request asks for, read off its method and path.

use http::Method;
use serde::{Deserialize, Serialize};

/// Which of Google's services answers. Each has refusals of its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Gemini.
    Gemini,
    /// Signing in.
    OAuth,
    /// Drive.
    Drive,
}

/// The names under which faults are set and calls are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operation {
    ListModels,
    GetModel,
    GenerateContent,
    CountTokens,
    UploadFile,
    ListFiles,
    GetFile,
    DeleteFile,
    Download,
    CreateBatch,
    ListBatches,
    GetBatch,
    CancelBatch,
    DeleteBatch,
    Discovery,
    Authorize,
    Token,
    Jwks,
    Userinfo,
    Revoke,
    DriveList,
    DriveGet,
    DriveMedia,
    DriveThumbnail,
    DriveCreate,
    DriveDelete,
    Unknown,
}

impl Operation {
    /// Those that can be made to fail.
    pub(crate) const FAULTY: [Self; 18] = [
        Self::GenerateContent,
        Self::UploadFile,
        Self::CreateBatch,
        Self::GetBatch,
        Self::ListBatches,
        Self::Download,
        Self::CancelBatch,
        Self::Discovery,
        Self::Authorize,
        Self::Token,
        Self::Jwks,
        Self::Userinfo,
        Self::Revoke,
        Self::DriveList,
        Self::DriveGet,
        Self::DriveMedia,
        Self::DriveThumbnail,
        Self::DriveCreate,
    ];

    /// The service that an operation belongs to.
    pub(crate) fn service(self) -> Service {
        match self {
            Self::Discovery | Self::Authorize | Self::Token | Self::Jwks | Self::Userinfo | Self::Revoke => {
                Service::OAuth
            }
            Self::DriveList
            | Self::DriveGet
            | Self::DriveMedia
            | Self::DriveThumbnail
            | Self::DriveCreate
            | Self::DriveDelete => Service::Drive,
            _ => Service::Gemini,
        }
    }

    /// Reads the operation off a request line.
    pub(crate) fn of(method: &Method, path: &str, query: &str) -> Self {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let get = *method == Method::GET;
        match segments.as_slice() {
            [".well-known", "openid-configuration"] => Self::Discovery,
            ["o", "oauth2", "v2", "auth", ..] => Self::Authorize,
            ["token"] => Self::Token,
            ["oauth2", "v3", "certs"] => Self::Jwks,
            ["v1", "userinfo"] => Self::Userinfo,
            ["revoke"] => Self::Revoke,
            ["drive", "v3", rest @ ..] => Self::of_drive(method, rest, query),
            ["upload", "drive", "v3", "files"] => Self::DriveCreate,
            ["drive-thumbnail", _] => Self::DriveThumbnail,
            ["upload", _, "files"] => Self::UploadFile,
            ["download", _, "files", _] => Self::Download,
            [_, "models"] if get => Self::ListModels,
            [_, "models", name] => match name.rsplit_once(':').map(|(_, verb)| verb) {
                Some("generateContent") => Self::GenerateContent,
                Some("batchGenerateContent") => Self::CreateBatch,
                Some("countTokens") => Self::CountTokens,
                None if get => Self::GetModel,
                _ => Self::Unknown,
            },
            [_, "files"] if get => Self::ListFiles,
            [_, "files", name] if name.ends_with(":download") => Self::Download,
            [_, "files", _] if get => Self::GetFile,
            [_, "files", _] if *method == Method::DELETE => Self::DeleteFile,
            [_, "batches"] if get => Self::ListBatches,
            [_, "batches", name] if name.ends_with(":cancel") => Self::CancelBatch,
            [_, "batches", _] if get => Self::GetBatch,
            [_, "batches", _] if *method == Method::DELETE => Self::DeleteBatch,
            _ => Self::Unknown,
        }
    }

    fn of_drive(method: &Method, rest: &[&str], query: &str) -> Self {
        let get = *method == Method::GET;
        match rest {
            ["files" | "drives"] if get => Self::DriveList,
            ["files"] | ["files", "generateIds"] => Self::DriveCreate,
            ["files", _] if *method == Method::DELETE => Self::DriveDelete,
            ["files", _] if query.split('&').any(|pair| pair == "alt=media") => Self::DriveMedia,
            ["files" | "drives", _] => Self::DriveGet,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::Operation;

    #[test]
    fn request_lines_of_the_captures_are_known() {
        let cases = [
            (
                Method::POST,
                "/v1beta/models/gemini-3.8-flash:generateContent",
                Operation::GenerateContent,
            ),
            (
                Method::POST,
                "/v1/models/gemini-nano-banana-2.1:batchGenerateContent",
                Operation::CreateBatch,
            ),
            (Method::POST, "/upload/v1beta/files", Operation::UploadFile),
            (
                Method::GET,
                "/v1beta/files/batch-b1:download",
                Operation::Download,
            ),
            (
                Method::GET,
                "/download/v1/files/batch-b1:download",
                Operation::Download,
            ),
            (Method::POST, "/v1beta/batches/b1:cancel", Operation::CancelBatch),
            (Method::GET, "/v1beta/batches", Operation::ListBatches),
            (Method::PUT, "/v1beta/batches", Operation::Unknown),
            (Method::GET, "/v1/userinfo", Operation::Userinfo),
            (Method::POST, "/o/oauth2/v2/auth/decision", Operation::Authorize),
            (Method::GET, "/drive/v3/files", Operation::DriveList),
            (Method::GET, "/drive/v3/files/1abc", Operation::DriveGet),
            (Method::POST, "/upload/drive/v3/files", Operation::DriveCreate),
        ];
        for (method, path, operation) in cases {
            assert_eq!(Operation::of(&method, path, ""), operation, "{method} {path}");
        }
        let bytes = Operation::of(&Method::GET, "/drive/v3/files/1abc", "alt=media");
        assert_eq!(bytes, Operation::DriveMedia);
    }
}
