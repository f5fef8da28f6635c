//! Documents of Office as the standard has them (ECMA-376), written by hand and put in a ZIP package.

use std::io::{Cursor, Read, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A part of a package: its name and what is in it.
pub type Part<'a> = (&'a str, Vec<u8>);

pub fn packed(parts: &[Part<'_>]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let method = if *name == "mimetype" {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn part(package: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(package))
        .unwrap()
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// Entries as they lie there: names, how they are packed, and the packed bytes.
pub fn raw(package: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index_raw(index).unwrap();
            let how = format!("{} {:?}", entry.compression(), entry.last_modified());
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, how, bytes)
        })
        .collect()
}

pub const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CORE: &str =
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

/// Relationships: id, kind, target; what begins with a scheme is outside of the package.
pub fn relations(of: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut all = vec![
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
         xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            .to_owned(),
    ];
    for (id, kind, target) in of {
        let kind = if *kind == "core-properties" {
            CORE.to_owned()
        } else {
            format!("{OFFICE}/{kind}")
        };
        let mode = if target.contains(':') {
            " TargetMode=\"External\""
        } else {
            ""
        };
        all.push(format!(
            "<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>"
        ));
    }
    all.push("</Relationships>".to_owned());
    all.concat().into_bytes()
}

/// What a document says of itself.
pub fn core(title: &str, language: &str) -> Vec<u8> {
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title>\
         <dc:language>{language}</dc:language></cp:coreProperties>"
    )
    .into_bytes()
}

/// Namespaces of both kinds of document.
const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
     xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
     xmlns:wpg=\"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup\" \
     xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
     xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
     xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"";

/// A root element of either.
pub fn root(name: &str, inner: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<{name} {SPACES}>{inner}</{name}>"
    )
    .into_bytes()
}

/// A Word document: its text, what the text's part refers to, and other parts.
pub fn word<'a>(text: &str, refers: &[(&str, &str, &str)], others: &[Part<'a>]) -> Vec<Part<'a>> {
    let mut parts = vec![
        (
            "[Content_Types].xml",
            b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .to_vec(),
        ),
        (
            "_rels/.rels",
            relations(&[
                ("rId1", "officeDocument", "word/document.xml"),
                ("rId2", "core-properties", "docProps/core.xml"),
            ]),
        ),
        (
            "word/document.xml",
            root("w:document", &format!("<w:body>{text}</w:body>")),
        ),
        ("word/_rels/document.xml.rels", relations(refers)),
    ];
    parts.extend_from_slice(others);
    parts
}

/// A paragraph in a style.
pub fn styled(style: &str, inner: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inner}</w:p>")
}

pub fn paragraph(inner: &str) -> String {
    format!("<w:p>{inner}</w:p>")
}

pub fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A `pic:pic` of an image.
pub fn pic(image: &str) -> String {
    format!(
        "<pic:pic><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"a\"/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"{image}\"/></pic:blipFill><pic:spPr/></pic:pic>"
    )
}

/// A run with a drawing: its properties, and what is drawn.
pub fn drawing(properties: &str, drawn: &str) -> String {
    format!(
        "<w:r><w:drawing><wp:inline><wp:extent cx=\"9\" cy=\"9\"/>{properties}<a:graphic>\
         <a:graphicData uri=\"x\">{drawn}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
}

/// The extension by which Office marks what only decorates.
pub fn mark(value: &str) -> String {
    format!(
        "<a:ext uri=\"{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}\"><adec:decorative \
         xmlns:adec=\"http://schemas.microsoft.com/office/drawing/2017/decorative\" val=\"{value}\"/></a:ext>"
    )
}
