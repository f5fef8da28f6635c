//! The forms that conversations are saved in.

/// The forms a conversation can be saved in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Can be opened again.
    Json,
    /// For reading and editing.
    Markdown,
    /// For reading anywhere.
    Html,
}

impl ExportFormat {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Json, Self::Markdown, Self::Html];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
        }
    }

    /// How a file with it ends, without the dot.
    #[must_use]
    pub fn file_extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}
