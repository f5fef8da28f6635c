//! Namespaces of the formats that are XML in a package.

/// A namespace, by what it is for. Those of both kinds of Office Open XML are one (ECMA-376 part 4, annex A).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::figures) enum Space {
    /// None, or one that nobody asks for.
    Other,
    /// An attribute without a prefix.
    Own,
    Word,
    WordDrawing,
    Drawing,
    Picture,
    Presentation,
    Relations,
    Compatibility,
    Vml,
    Office,
    Decorative,
    Svg,
    DublinCore,
    Xhtml,
    Xlink,
    OdfOffice,
    OdfStyle,
    OdfText,
    OdfDraw,
    OdfPresentation,
    OdfFormat,
    OdfSvg,
    /// What `LibreOffice` writes before it is in the standard.
    LibreOffice,
}

/// How addresses of the transitional and the strict kind begin, and what they are for.
const SPACES: &[(&str, Space)] = &[
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        Space::Word,
    ),
    (
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        Space::Word,
    ),
    (
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        Space::WordDrawing,
    ),
    (
        "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        Space::WordDrawing,
    ),
    (TRANSITIONAL_DRAWING, Space::Drawing),
    (STRICT_DRAWING, Space::Drawing),
    (
        "http://schemas.openxmlformats.org/drawingml/2006/picture",
        Space::Picture,
    ),
    (
        "http://purl.oclc.org/ooxml/drawingml/picture",
        Space::Picture,
    ),
    (
        "http://schemas.openxmlformats.org/presentationml/2006/main",
        Space::Presentation,
    ),
    (
        "http://purl.oclc.org/ooxml/presentationml/main",
        Space::Presentation,
    ),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        Space::Relations,
    ),
    (
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
        Space::Relations,
    ),
    (
        "http://schemas.openxmlformats.org/markup-compatibility/2006",
        Space::Compatibility,
    ),
    ("urn:schemas-microsoft-com:vml", Space::Vml),
    ("urn:schemas-microsoft-com:office:office", Space::Office),
    (DECORATIVE, Space::Decorative),
    (
        "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
        Space::Svg,
    ),
    ("http://purl.org/dc/elements/1.1/", Space::DublinCore),
    ("http://www.w3.org/1999/xhtml", Space::Xhtml),
    ("http://www.w3.org/1999/xlink", Space::Xlink),
    (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        Space::OdfOffice,
    ),
    (
        "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        Space::OdfStyle,
    ),
    (
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        Space::OdfText,
    ),
    (
        "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        Space::OdfDraw,
    ),
    (
        "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
        Space::OdfPresentation,
    ),
    (
        "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        Space::OdfFormat,
    ),
    (
        "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        Space::OdfSvg,
    ),
    (
        "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
        Space::LibreOffice,
    ),
];

pub(in crate::figures) const DECORATIVE: &str =
    "http://schemas.microsoft.com/office/drawing/2017/decorative";
pub(super) const TRANSITIONAL_DRAWING: &str =
    "http://schemas.openxmlformats.org/drawingml/2006/main";
pub(super) const STRICT_DRAWING: &str = "http://purl.oclc.org/ooxml/drawingml/main";

impl Space {
    /// What an address stands for.
    pub(super) fn of_address(address: &str) -> Self {
        let known = SPACES.iter().find(|(known, _)| *known == address);
        known.map_or(Self::Other, |(_, space)| *space)
    }

    /// The address by which it is declared.
    pub(super) fn address(self) -> &'static str {
        let known = SPACES.iter().find(|(_, space)| *space == self);
        known.map_or("", |(address, _)| *address)
    }

    /// The prefix that documents have for it.
    pub(super) fn usual_prefix(self) -> &'static str {
        match self {
            Self::OdfOffice => "office",
            Self::OdfStyle => "style",
            Self::OdfDraw => "draw",
            Self::OdfSvg => "svg",
            Self::LibreOffice => "loext",
            _ => "ns",
        }
    }
}
