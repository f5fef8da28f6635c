//! Pictures of books: chapter by chapter in the order of the spine, and texts written into the chapters alone.

use bedrock_playground::figures::{
    self, AltText, Figure, FiguresError, ImageSource, Kind, Package,
};

use super::support::figures::{changes, text};
use super::support::packages::{Part, packed, part, raw};

const CONTAINER: &str = "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\"><rootfiles>\
     <rootfile full-path=\"OEBPS/book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

/// What is in the book beside its images and its pages: address and kind, by id.
const ITEMS: &[(&str, &str, &str)] = &[
    ("nav", "nav.xhtml", "application/xhtml+xml"),
    ("two", "text/two.xhtml", "application/xhtml+xml"),
    ("one", "text/one.xhtml", "application/xhtml+xml"),
    ("gone", "text/gone.xhtml", "application/xhtml+xml"),
    ("cover", "images/a%20b.png", "image/png"),
    ("font", "fonts/a.otf", "font/otf"),
    ("sound", "a.mp3", "audio/mpeg"),
];

fn page(title: &str, body: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\
         <head><title>{title}</title></head>\n<body>{body}</body></html>\n"
    )
    .into_bytes()
}

fn parts(one: &str, two: &str) -> Vec<Part<'static>> {
    let items: Vec<String> = ITEMS
        .iter()
        .map(|(id, address, kind)| {
            format!("<item id=\"{id}\" href=\"{address}\" media-type=\"{kind}\"/>")
        })
        .collect();
    let package = format!(
        "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Ordinary &amp; odd</dc:title>\
         <dc:language>pt-BR</dc:language></metadata><manifest>{}</manifest><spine><itemref idref=\"one\"/>\
         <itemref idref=\"gone\"/><itemref idref=\"cover\"/><itemref idref=\"one\"/>\
         <itemref idref=\"two\" linear=\"no\"/></spine></package>",
        items.concat()
    );
    vec![
        ("mimetype", b"application/epub+zip".to_vec()),
        ("META-INF/container.xml", CONTAINER.into()),
        ("OEBPS/book.opf", package.into_bytes()),
        (
            "OEBPS/nav.xhtml",
            page("Contents", "<img src=\"images/a%20b.png\"/>"),
        ),
        ("OEBPS/text/one.xhtml", page("Ordinary &amp; odd", one)),
        ("OEBPS/text/two.xhtml", page("Second", two)),
        ("OEBPS/images/a b.png", vec![7; 900]),
    ]
}

fn book(one: &str, two: &str) -> Vec<u8> {
    packed(&parts(one, two))
}

fn read(bytes: &[u8]) -> Vec<Figure> {
    figures::read(Kind::Book, bytes).unwrap().figures
}

const ONE: &str = "<h1>First <i>things</i></h1><p>A cat.</p><p><img src=\"../images/a%20b.png\" alt=\"Cat\"/></p>\
     <p><img src=\"https://example.com/far.png\" alt=\"\"/></p>";
const TWO: &str = "<p><img src=\"../images/./a b.png\"/></p><p><img src=\"../../../../etc/passwd\"/></p>\
     <p><img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"/></p>";

/// A book with five pictures in two chapters.
pub fn sample() -> Vec<Part<'static>> {
    parts(ONE, TWO)
}

#[test]
fn pictures_come_chapter_by_chapter() {
    let bytes = packed(&sample());
    let read = figures::read(Kind::Book, &bytes).unwrap();
    assert_eq!(read.title.as_deref(), Some("Ordinary & odd"));
    assert_eq!(read.language.as_deref(), Some("pt-BR"));
    let own = ImageSource::Part("OEBPS/images/a b.png".to_owned());
    let found: Vec<_> = read
        .figures
        .into_iter()
        .map(|figure| {
            (
                figure.surroundings.division.unwrap(),
                figure.alt,
                figure.image,
            )
        })
        .collect();
    // The first chapter has the title of the book, and is called by its heading.
    let (first, second) = ("First things".to_owned(), "Second".to_owned());
    let far = ImageSource::Address("https://example.com/far.png".to_owned());
    let within = "data:image/gif;base64,R0lGODlhAQABAAAAACw=".to_owned();
    assert_eq!(
        found,
        [
            (first.clone(), text("Cat"), own.clone()),
            (first, AltText::Decorative, far),
            (second.clone(), AltText::Missing, own),
            (
                second.clone(),
                AltText::Missing,
                ImageSource::Part("../../../../etc/passwd".to_owned())
            ),
            (second, AltText::Missing, ImageSource::Address(within)),
        ]
    );
    let mut package = Package::open(Kind::Book, &bytes[..]).unwrap();
    assert_eq!(package.image("OEBPS/images/a b.png").unwrap(), [7; 900]);
    let outside = package.image("../../../../etc/passwd");
    assert!(matches!(outside, Err(FiguresError::MissingPart { .. })));
}

#[test]
fn texts_are_written_into_their_chapters_alone() {
    let bytes = packed(&sample());
    let alts = [(2, text("A \"cat\" & a dog")), (4, AltText::Decorative)];
    let written = figures::write(Kind::Book, &bytes, &changes(Kind::Book, &bytes, &alts)).unwrap();
    let after: Vec<AltText> = read(&written)
        .into_iter()
        .map(|figure| figure.alt)
        .collect();
    assert_eq!(
        after,
        [
            text("Cat"),
            AltText::Decorative,
            text("A \"cat\" & a dog"),
            AltText::Missing,
            AltText::Decorative,
        ]
    );
    let (before, after) = (raw(&bytes), raw(&written));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(
            before == after,
            before.0 != "OEBPS/text/two.xhtml",
            "{}",
            before.0
        );
    }
    // A reader knows a book by its first bytes: the name and the content of its first entry (EPUB 3.3, 4.2.1).
    assert_eq!(&written[30..58], b"mimetypeapplication/epub+zip");
    let untouched = part(&written, "OEBPS/text/two.xhtml");
    assert!(untouched.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n"));
    assert_eq!(figures::write(Kind::Book, &bytes, &[]).unwrap(), bytes);
}

#[test]
fn figures_of_another_book_are_told_by_their_numbers_in_it() {
    let bytes = packed(&sample());
    let mut change = changes(Kind::Book, &bytes, &[(2, text("a"))]);
    change[0].image = ImageSource::Part("OEBPS/images/other.png".to_owned());
    let refused = figures::write(Kind::Book, &bytes, &change);
    assert!(
        matches!(refused, Err(FiguresError::Changed { figure: 3 })),
        "{refused:?}"
    );
    let change = changes(Kind::Book, &bytes, &[(4, text("a"))]);
    let refused = figures::write(Kind::Book, &book(ONE, ""), &change);
    assert!(
        matches!(refused, Err(FiguresError::Changed { figure: 5 })),
        "{refused:?}"
    );
}

#[test]
fn books_of_shops_are_refused_and_hidden_fonts_are_not() {
    let font = "http://www.idpf.org/2008/embedding";
    let cipher = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
    for (algorithm, address, is_read) in [
        (font, "OEBPS/fonts/a.otf", true),
        ("http://ns.adobe.com/pdf/enc#RC", "OEBPS/fonts/a.otf", true),
        (cipher, "OEBPS/fonts/a.otf", true),
        (cipher, "OEBPS/a.mp3", true),
        (cipher, "OEBPS/text/two.xhtml", false),
        (cipher, "OEBPS/images/a%20b.png", false),
    ] {
        let encryption = format!(
            "<encryption xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" \
             xmlns:enc=\"http://www.w3.org/2001/04/xmlenc#\"><enc:EncryptedData>\
             <enc:EncryptionMethod Algorithm=\"{algorithm}\"/><enc:CipherData>\
             <enc:CipherReference URI=\"{address}\"/></enc:CipherData></enc:EncryptedData></encryption>"
        );
        let mut all = sample();
        all.push(("META-INF/encryption.xml", encryption.into_bytes()));
        let read = figures::read(Kind::Book, &packed(&all));
        assert_eq!(read.is_ok(), is_read, "{algorithm} {address}");
        if let Err(error) = read {
            assert!(matches!(error, FiguresError::Encrypted), "{error}");
        }
    }
}
