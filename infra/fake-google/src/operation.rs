//! What a request asks for, read off its method and path.

use http::Method;
use serde::{Deserialize, Serialize};

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
    Unknown,
}

impl Operation {
    /// Those that can be made to fail.
    pub(crate) const FAULTY: [Self; 7] = [
        Self::GenerateContent,
        Self::UploadFile,
        Self::CreateBatch,
        Self::GetBatch,
        Self::ListBatches,
        Self::Download,
        Self::CancelBatch,
    ];

    /// Reads the operation off a request line.
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let get = *method == Method::GET;
        match segments.as_slice() {
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
        ];
        for (method, path, operation) in cases {
            assert_eq!(Operation::of(&method, path), operation, "{method} {path}");
        }
    }
}
