//! A request as code that runs elsewhere: AWS CLI, Python, JavaScript, Rust, curl.
//!
//! A snippet asks exactly what the window asked. Its credentials come from where the language's own
//! tools look for them; no secret is ever written into it. Pictures and documents are read from files
//! named in it ([`files`]) instead of standing there as megabytes of text. What a language or its
//! library cannot say is said in a comment at the top, never silently dropped.
//!
//! This module must not know the SDK, the endpoint, the disk or the window.

mod ai_sdk;
mod awscli;
mod curl;
mod escape;
mod javascript;
mod layout;
mod media;
mod native;
mod python;
mod request_text;
mod rust;
mod shell;
mod target;
mod tree;

use crate::chat::Request;

pub use media::{SnippetFile, files};
pub use native::NativeRequest;
pub use request_text::request_text;
pub use target::Target;

/// The languages a request can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// A shell command of the AWS CLI.
    AwsCli,
    /// Python with boto3.
    Python,
    /// JavaScript with the AWS SDK, version 3.
    JavaScript,
    /// JavaScript with the AI SDK and its Bedrock provider.
    AiSdk,
    /// Rust with aws-sdk-bedrockruntime.
    Rust,
    /// A shell command of curl, with an Amazon Bedrock API key.
    Curl,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::AwsCli,
        Self::Python,
        Self::JavaScript,
        Self::AiSdk,
        Self::Rust,
        Self::Curl,
    ];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::AwsCli => "AWS CLI",
            Self::Python => "Python (boto3)",
            Self::JavaScript => "JavaScript (AWS SDK)",
            Self::AiSdk => "JavaScript (AI SDK)",
            Self::Rust => "Rust",
            Self::Curl => "curl",
        }
    }

    /// How a file with it ends, without the dot.
    #[must_use]
    pub fn file_extension(self) -> &'static str {
        match self {
            Self::AwsCli | Self::Curl => "sh",
            Self::Python => "py",
            Self::JavaScript | Self::AiSdk => "mjs",
            Self::Rust => "rs",
        }
    }
}

/// The request as a whole program of one language, ending in a newline.
#[must_use]
pub fn snippet(language: Language, request: &Request, target: &Target) -> String {
    match language {
        Language::AwsCli => awscli::snippet(request, target),
        Language::Python => python::snippet(request, target),
        Language::JavaScript => javascript::snippet(request, target),
        Language::AiSdk => ai_sdk::snippet(request, target),
        Language::Rust => rust::snippet(request, target),
        Language::Curl => curl::snippet(request, target),
    }
}

#[cfg(test)]
mod tests;
