//! The messages of the interface: which names Gemini knows in a body, and their types.
//!
//! Taken from the `v1beta` reference (generateContent, files, batches) and from what google-genai 3.4 sends.

use super::fields::{Kind, Message};

const TEXTS: Kind = Kind::List(&Kind::Text);
const ANYTHING: Kind = Kind::List(&Kind::Any);

const HARM_CATEGORIES: &[&str] = &[
    "HARM_CATEGORY_UNSPECIFIED",
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
];

const THRESHOLDS: &[&str] = &[
    "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
    "BLOCK_LOW_AND_ABOVE",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_ONLY_HIGH",
    "BLOCK_NONE",
    "OFF",
];

const SCHEMA_TYPES: &[&str] = &[
    "TYPE_UNSPECIFIED",
    "STRING",
    "NUMBER",
    "INTEGER",
    "BOOLEAN",
    "ARRAY",
    "OBJECT",
    "NULL",
];

const THINKING_LEVELS: &[&str] = &[
    "THINKING_LEVEL_UNSPECIFIED",
    "MINIMAL",
    "LOW",
    "MEDIUM",
    "HIGH",
    "XHIGH",
];

const SERVICE_TIERS: &[&str] = &["unspecified", "standard", "flex", "priority"];

const MEDIA_RESOLUTIONS: &[&str] = &[
    "MEDIA_RESOLUTION_UNSPECIFIED",
    "MEDIA_RESOLUTION_LOW",
    "MEDIA_RESOLUTION_MEDIUM",
    "MEDIA_RESOLUTION_HIGH",
    "MEDIA_RESOLUTION_ULTRA_HIGH",
];

const BLOB: Message = Message {
    fields: &[("mimeType", Kind::Text), ("data", Kind::Bytes)],
};

const FILE_DATA: Message = Message {
    fields: &[("mimeType", Kind::Text), ("fileUri", Kind::Text)],
};

const PART: Message = Message {
    fields: &[
        ("text", Kind::Text),
        ("inlineData", Kind::Message(&BLOB)),
        ("fileData", Kind::Message(&FILE_DATA)),
        ("thought", Kind::Flag),
        ("thoughtSignature", Kind::Bytes),
        ("functionCall", Kind::Any),
        ("functionResponse", Kind::Any),
        ("executableCode", Kind::Any),
        ("codeExecutionResult", Kind::Any),
        ("videoMetadata", Kind::Any),
        ("mediaResolution", Kind::Any),
        ("partMetadata", Kind::Any),
    ],
};

const CONTENT: Message = Message {
    fields: &[("role", Kind::Text), ("parts", Kind::List(&Kind::Message(&PART)))],
};

const SAFETY_SETTING: Message = Message {
    fields: &[
        ("category", Kind::Enum(HARM_CATEGORIES)),
        ("threshold", Kind::Enum(THRESHOLDS)),
    ],
};

/// `responseSchema`, the subset of OpenAPI.
pub(crate) static SCHEMA: Message = Message {
    fields: &[
        ("type", Kind::Enum(SCHEMA_TYPES)),
        ("format", Kind::Text),
        ("title", Kind::Text),
        ("description", Kind::Text),
        ("nullable", Kind::Flag),
        ("enum", TEXTS),
        ("items", Kind::Message(&SCHEMA)),
        ("minItems", Kind::Integer),
        ("maxItems", Kind::Integer),
        ("properties", Kind::Map(&Kind::Message(&SCHEMA))),
        ("required", TEXTS),
        ("propertyOrdering", TEXTS),
        ("anyOf", Kind::List(&Kind::Message(&SCHEMA))),
        ("minimum", Kind::Number),
        ("maximum", Kind::Number),
        ("minLength", Kind::Integer),
        ("maxLength", Kind::Integer),
        ("pattern", Kind::Text),
        ("minProperties", Kind::Integer),
        ("maxProperties", Kind::Integer),
        ("default", Kind::Any),
        ("example", Kind::Any),
    ],
};

const THINKING_CONFIG: Message = Message {
    fields: &[
        ("includeThoughts", Kind::Flag),
        ("thinkingBudget", Kind::Integer),
        ("thinkingLevel", Kind::Enum(THINKING_LEVELS)),
    ],
};

const IMAGE_CONFIG: Message = Message {
    fields: &[("aspectRatio", Kind::Text), ("imageSize", Kind::Text)],
};

const GENERATION_CONFIG: Message = Message {
    fields: &[
        ("candidateCount", Kind::Integer),
        ("stopSequences", TEXTS),
        ("maxOutputTokens", Kind::Integer),
        ("temperature", Kind::Number),
        ("topP", Kind::Number),
        ("topK", Kind::Number),
        ("seed", Kind::Integer),
        ("responseMimeType", Kind::Text),
        ("responseSchema", Kind::Message(&SCHEMA)),
        ("responseJsonSchema", Kind::Any),
        ("responseFormat", Kind::Any),
        ("presencePenalty", Kind::Number),
        ("frequencyPenalty", Kind::Number),
        ("responseLogprobs", Kind::Flag),
        ("logprobs", Kind::Integer),
        ("enableEnhancedCivicAnswers", Kind::Flag),
        (
            "responseModalities",
            Kind::List(&Kind::Enum(&["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO"])),
        ),
        ("speechConfig", Kind::Any),
        ("thinkingConfig", Kind::Message(&THINKING_CONFIG)),
        ("imageConfig", Kind::Message(&IMAGE_CONFIG)),
        ("mediaResolution", Kind::Enum(MEDIA_RESOLUTIONS)),
    ],
};

/// `GenerateContentRequest`.
pub(crate) static GENERATE_CONTENT: Message = Message {
    fields: &[
        ("model", Kind::Text),
        ("contents", Kind::List(&Kind::Message(&CONTENT))),
        ("systemInstruction", Kind::Message(&CONTENT)),
        ("safetySettings", Kind::List(&Kind::Message(&SAFETY_SETTING))),
        ("generationConfig", Kind::Message(&GENERATION_CONFIG)),
        ("tools", ANYTHING),
        ("toolConfig", Kind::Any),
        ("cachedContent", Kind::Text),
        ("serviceTier", Kind::Enum(SERVICE_TIERS)),
        ("labels", Kind::Map(&Kind::Text)),
        ("store", Kind::Flag),
        ("continuationToken", Kind::Text),
    ],
};

/// `CountTokensRequest`.
pub(crate) static COUNT_TOKENS: Message = Message {
    fields: &[
        ("contents", Kind::List(&Kind::Message(&CONTENT))),
        ("generateContentRequest", Kind::Message(&GENERATE_CONTENT)),
    ],
};

const FILE: Message = Message {
    fields: &[
        ("name", Kind::Text),
        ("displayName", Kind::Text),
        ("mimeType", Kind::Text),
        ("sizeBytes", Kind::Integer),
        ("createTime", Kind::Text),
        ("updateTime", Kind::Text),
        ("expirationTime", Kind::Text),
        ("sha256Hash", Kind::Bytes),
        ("uri", Kind::Text),
        ("downloadUri", Kind::Text),
        ("state", Kind::Text),
        ("source", Kind::Text),
        ("error", Kind::Any),
        ("videoMetadata", Kind::Any),
    ],
};

/// `CreateFileRequest`.
pub(crate) static CREATE_FILE: Message = Message {
    fields: &[("file", Kind::Message(&FILE))],
};

const INLINED_REQUEST: Message = Message {
    fields: &[
        ("request", Kind::Message(&GENERATE_CONTENT)),
        ("metadata", Kind::Any),
    ],
};

const INLINED_REQUESTS: Message = Message {
    fields: &[("requests", Kind::List(&Kind::Message(&INLINED_REQUEST)))],
};

const INPUT_CONFIG: Message = Message {
    fields: &[
        ("requests", Kind::Message(&INLINED_REQUESTS)),
        ("fileName", Kind::Text),
    ],
};

const WEBHOOK_CONFIG: Message = Message {
    fields: &[("uris", TEXTS), ("userMetadata", Kind::Any)],
};

const BATCH: Message = Message {
    fields: &[
        ("model", Kind::Text),
        ("name", Kind::Text),
        ("displayName", Kind::Text),
        ("inputConfig", Kind::Message(&INPUT_CONFIG)),
        ("priority", Kind::Integer),
        ("webhookConfig", Kind::Message(&WEBHOOK_CONFIG)),
    ],
};

/// `BatchGenerateContentRequest`.
pub(crate) static CREATE_BATCH: Message = Message {
    fields: &[("model", Kind::Text), ("batch", Kind::Message(&BATCH))],
};

/// One line of a batch's input file.
pub(crate) static INPUT_LINE: Message = Message {
    fields: &[
        ("key", Kind::Text),
        ("request", Kind::Message(&GENERATE_CONTENT)),
        ("metadata", Kind::Any),
    ],
};
