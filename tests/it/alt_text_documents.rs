//! Documents as a source of images for alt text, and as what the texts are written back into.

use std::fs;
use std::path::{Path, PathBuf};

use bedrock_playground::alt_text::{
    DocumentPlace, DocumentTexts, FoundDocument, MetadataPlace, TakenOut, take_out, write_document,
};
use bedrock_playground::bedrock::Proxy;
use bedrock_playground::figures::{AltText, Kind};
use image::{ImageFormat, Rgb, RgbImage};

use crate::cli::{Cli, lines, stderr, text};
use crate::figures_opendocument;
use crate::support::packages::{packed, part};
use crate::support::pdf::{Table, sample};

/// A page with an image without alt text that stands twice, one with, one that decorates, one within the page and one
/// that is not there.
pub const PAGE: &str = "<!DOCTYPE html>\r\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Walks</title>\r\n<h1>At the harbour</h1>\r\n\
    <p>Boats come home <img src=\"img/boat.png\"> at five.</p>\r\n<img src=\"/img/pier.png\" alt=\"The pier\">\r\n\
    <img alt=\"\" src='img/line.png'><img src=\"img/boat.png\" width=40>\r\n<img src=\"img/gone.png\">\r\n\
    <img src=\"data:image/png;base64,DOT\">\r\n";

/// A site with [`PAGE`] in it; gives the page.
pub fn site(folder: &Path) -> PathBuf {
    let images = folder.join("img");
    fs::create_dir_all(&images).expect("a folder");
    for (name, shade) in [("boat", 10), ("pier", 90), ("line", 170)] {
        RgbImage::from_pixel(60, 40, Rgb([shade, 80, 40]))
            .save(images.join(format!("{name}.png")))
            .expect("a saved picture");
    }
    let page = folder.join("walks").join("harbour.html");
    fs::create_dir_all(folder.join("walks")).expect("a folder");
    fs::write(
        &page,
        PAGE.replace("img/boat", "../img/boat")
            .replace("'img/line", "'../img/line")
            .replace("DOT", &dot()),
    )
    .expect("a saved page");
    page
}

/// A small picture as base64.
fn dot() -> String {
    use base64::Engine as _;
    let mut bytes = Vec::new();
    RgbImage::from_pixel(8, 8, Rgb([1, 2, 3]))
        .write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png)
        .expect("an encoded picture");
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn taken(document: FoundDocument, into: &Path) -> TakenOut {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(take_out(vec![document], into, &Proxy::default(), || true))
        .expect("images")
}

#[test]
fn each_image_of_a_page_comes_once_with_what_is_said_of_it_and_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let page = site(folder.path());
    let found = FoundDocument::read(&page).unwrap();
    assert_eq!(found.place, DocumentPlace::File(page.clone()));
    let alts: Vec<_> = found
        .images
        .iter()
        .map(|image| (image.origin.alt.clone(), image.origin.figures.clone()))
        .collect();
    let says = |text: &str| AltText::Text(text.to_owned());
    assert_eq!(
        alts,
        [
            (AltText::Missing, vec![0, 3]),
            (says("The pier"), vec![1]),
            (AltText::Decorative, vec![2]),
            (AltText::Missing, vec![4]),
            (AltText::Missing, vec![5]),
        ]
    );
    let context = found.images[0].context.as_deref().unwrap();
    for words in ["Walks", "At the harbour", "Boats come home", "at five."] {
        assert!(context.contains(words), "{context}");
    }
    let taken = taken(found, &folder.path().join("kept"));
    let paths: Vec<_> = taken.additions.iter().map(|it| it.path.clone()).collect();
    let image = |name: &str| folder.path().join("img").join(name);
    assert_eq!(
        fs::canonicalize(&paths[0]).unwrap(),
        fs::canonicalize(image("boat.png")).unwrap()
    );
    // An address from the root of the site, which is a folder above.
    assert_eq!(
        fs::canonicalize(&paths[1]).unwrap(),
        fs::canonicalize(image("pier.png")).unwrap()
    );
    assert_eq!(paths.len(), 4);
    assert!(paths[3].starts_with(folder.path().join("kept")));
    assert_eq!(image::open(&paths[3]).unwrap().width(), 8);
    assert_eq!(taken.remarks, ["harbour.html: img/gone.png is not there"]);
}

#[test]
fn texts_go_into_a_copy_of_the_page_and_nothing_else_changes() {
    let folder = tempfile::tempdir().unwrap();
    let page = site(folder.path());
    let before = fs::read_to_string(&page).unwrap();
    let found = FoundDocument::read(&page).unwrap();
    let origin = |at: usize| found.images[at].origin.clone();
    let says = |text: &str| AltText::Text(text.to_owned());
    let texts = DocumentTexts::by_document([
        (origin(0), says("A \"red\" boat & two men")),
        (origin(1), AltText::Decorative),
    ]);
    assert_eq!(texts.len(), 1);
    let copy = write_document(&texts[0], MetadataPlace::Copy).unwrap().file;
    assert_eq!(copy, page.with_file_name("harbour-alt.html"));
    assert_eq!(fs::read_to_string(&page).unwrap(), before);
    let written = fs::read_to_string(&copy).unwrap();
    let said = " alt=\"A &quot;red&quot; boat &amp; two men\"";
    assert_eq!(written.matches(said).count(), 2, "{written}");
    let undone = written.replace(said, "").replace(
        "<img src=\"/img/pier.png\" alt=\"\">",
        "<img src=\"/img/pier.png\" alt=\"The pier\">",
    );
    assert_eq!(undone, before);
    // A copy that is there may be somebody's own.
    let again = write_document(&texts[0], MetadataPlace::Copy).unwrap_err();
    assert!(again.contains("is there already"), "{again}");
}

#[test]
fn a_page_whose_image_is_gone_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let page = site(folder.path());
    let found = FoundDocument::read(&page).unwrap();
    let changed = fs::read_to_string(&page).unwrap().replace("boat", "ship");
    fs::write(&page, &changed).unwrap();
    let texts = DocumentTexts::by_document([(
        found.images[0].origin.clone(),
        AltText::Text("A boat".to_owned()),
    )]);
    let error = write_document(&texts[0], MetadataPlace::InPlace).unwrap_err();
    assert!(error.contains("add it again"), "{error}");
    assert_eq!(fs::read_to_string(&page).unwrap(), changed);
}

/// An image of one colour.
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    RgbImage::from_pixel(8, 8, Rgb([shade, 9, 9]))
        .write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png)
        .expect("an encoded picture");
    bytes
}

/// A book of one chapter with these images.
fn book(images: &[(&'static str, u8)]) -> Vec<u8> {
    packed(&parts_of_book(images))
}

fn parts_of_book(images: &[(&'static str, u8)]) -> Vec<(&'static str, Vec<u8>)> {
    let container = "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile \
        full-path=\"book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";
    let contents = "<package xmlns=\"http://www.idpf.org/2007/opf\"><manifest><item id=\"a\" href=\"a.xhtml\" \
        media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>";
    let names: Vec<_> = images.iter().map(|(name, _)| *name).collect();
    let tags = format!("<img src=\"{}\"/>", names.join("\"/><img src=\""));
    let chapter = format!(
        "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body>{tags}</body></html>"
    );
    let mut parts = vec![
        ("mimetype", b"application/epub+zip".to_vec()),
        ("META-INF/container.xml", container.into()),
        ("book.opf", contents.into()),
        ("a.xhtml", chapter.into()),
    ];
    parts.extend(images.iter().map(|(name, shade)| (*name, picture(*shade))));
    parts
}

/// What the only chapter of a book says of its images.
fn alts(book: &Path) -> Vec<AltText> {
    let found = FoundDocument::read(book).unwrap();
    let images = found.images.into_iter();
    images.map(|image| image.origin.alt).collect()
}

#[test]
fn a_text_goes_to_its_image_wherever_that_is_by_now() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.epub");
    let says = |text: &str| AltText::Text(text.to_owned());
    let take = || {
        let taken = taken(
            FoundDocument::read(&file).unwrap(),
            &folder.path().join("kept"),
        );
        let origins = taken.additions.into_iter();
        origins.map(|it| it.origin.unwrap()).collect::<Vec<_>>()
    };
    fs::write(&file, book(&[("1.png", 10), ("2.png", 200)])).unwrap();
    let before = take();
    let texts = DocumentTexts::by_document([
        (before[0].clone(), says("dark")),
        (before[1].clone(), says("light")),
    ]);
    // Another one before them, and the program that saved it has numbered them anew.
    fs::write(&file, book(&[("1.png", 90), ("2.png", 10), ("3.png", 200)])).unwrap();
    let written = write_document(&texts[0], MetadataPlace::InPlace).unwrap();
    assert_eq!((written.texts.len(), written.gone), (2, 0));
    assert_eq!(alts(&file), [AltText::Missing, says("dark"), says("light")]);
    // The two have changed places.
    fs::write(&file, book(&[("1.png", 200), ("2.png", 10)])).unwrap();
    write_document(&texts[0], MetadataPlace::InPlace).unwrap();
    assert_eq!(alts(&file), [says("light"), says("dark")]);
    // Another picture has the name of one.
    fs::write(&file, book(&[("1.png", 10), ("2.png", 90)])).unwrap();
    let written = write_document(&texts[0], MetadataPlace::InPlace).unwrap();
    assert_eq!(alts(&file), [says("dark"), AltText::Missing]);
    assert_eq!(
        written.remark().as_deref(),
        Some("1 image got no text in book.epub: no longer there, or another picture by now")
    );
    // One image has one text.
    let twice = DocumentTexts::by_document([
        (before[0].clone(), says("dark")),
        (take().swap_remove(0), says("black")),
    ]);
    let error = write_document(&twice[0], MetadataPlace::InPlace).unwrap_err();
    assert!(error.contains("remove one of them"), "{error}");
    assert_eq!(alts(&file), [says("dark"), AltText::Missing]);
}

#[test]
fn a_file_that_is_another_picture_by_now_gets_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let page = site(folder.path());
    let boat = folder.path().join("img/boat.png");
    let origin = FoundDocument::read(&page).unwrap().images[0].origin.clone();
    let described = bedrock_playground::media::content_hash(&fs::read(&boat).unwrap());
    let texts = DocumentTexts::by_document([(
        origin.as_read(Some(described)),
        AltText::Text("A boat".to_owned()),
    )]);
    let before = fs::read_to_string(&page).unwrap();
    let bytes = fs::read(&boat).unwrap();
    fs::write(&boat, picture(1)).unwrap();
    let error = write_document(&texts[0], MetadataPlace::InPlace).unwrap_err();
    assert!(error.contains("its images are others"), "{error}");
    assert_eq!(fs::read_to_string(&page).unwrap(), before);
    fs::write(&boat, bytes).unwrap();
    write_document(&texts[0], MetadataPlace::InPlace).unwrap();
}

#[test]
fn what_only_decorates_a_pdf_is_left_out_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("harbours.pdf");
    let mut photograph = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(80, 40, Rgb([9, 90, 180]))
        .write_to(&mut photograph, ImageFormat::Jpeg)
        .expect("an encoded picture");
    let pdf = sample(photograph.get_ref());
    let bytes = pdf.bytes(Table::Stream, "");
    fs::write(&file, &bytes).unwrap();
    let found = FoundDocument::read(&file).unwrap();
    let taken = taken(found.clone(), &folder.path().join("kept"));
    let names: Vec<_> = taken
        .additions
        .iter()
        .map(|image| image.path.file_name().unwrap().to_string_lossy())
        .collect();
    assert_eq!(
        names,
        [
            "page 1 figure 1.jpeg",
            "page 2 figure 2.svg",
            "page 2 figure 3.svg"
        ]
    );
    assert_eq!(
        fs::read(&taken.additions[0].path).unwrap(),
        *photograph.get_ref()
    );
    let origin = |at: usize| found.images[at].origin.clone();
    let says = AltText::Text("A blue sea".to_owned());
    let texts =
        DocumentTexts::by_document([(origin(0), says.clone()), (origin(1), AltText::Decorative)]);
    let written = write_document(&texts[0], MetadataPlace::Copy).unwrap();
    assert_eq!((written.texts.len(), written.left_out), (1, 1));
    assert_eq!(
        written.remark().as_deref(),
        Some("1 image that only decorates could not be marked as such in harbours-alt.pdf")
    );
    let alts: Vec<_> = FoundDocument::read(&written.file)
        .unwrap()
        .images
        .into_iter()
        .map(|image| image.origin.alt)
        .collect();
    let bar = AltText::Text("A bar (red) and a line".to_owned());
    assert_eq!(alts, [says.clone(), bar, AltText::Missing]);
    let alone = DocumentTexts::by_document([(origin(1), AltText::Decorative)]);
    let refused = write_document(&alone[0], MetadataPlace::InPlace).unwrap_err();
    assert!(
        refused.contains("mark them in the program that made it"),
        "{refused}"
    );
    let signed = pdf
        .object(
            1,
            "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 10 0 R/AcroForm<</SigFlags 3/Fields[]>>>>",
        )
        .bytes(Table::Plain, "");
    fs::write(&file, &signed).unwrap();
    let refused = write_document(&texts[0], MetadataPlace::InPlace).unwrap_err();
    assert!(refused.contains("it is signed"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), signed);
}

#[test]
fn a_signed_document_is_left_alone_and_its_copy_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut parts = parts_of_book(&[("p.png", 9)]);
    let file = folder.path().join("book.epub");
    for signed in [true, false] {
        if signed {
            parts.push(("META-INF/signatures.xml", b"<signatures/>".to_vec()));
        } else {
            parts.pop();
        }
        let bytes = packed(&parts);
        fs::write(&file, &bytes).unwrap();
        let found = FoundDocument::read(&file).unwrap();
        let taken = taken(found.clone(), &folder.path().join("kept"));
        assert_eq!(image::open(&taken.additions[0].path).unwrap().width(), 8);
        let texts = DocumentTexts::by_document([(
            found.images[0].origin.clone(),
            AltText::Text("A dot".to_owned()),
        )]);
        let written = write_document(&texts[0], MetadataPlace::InPlace);
        if signed {
            assert!(written.unwrap_err().contains("it is signed"));
            assert_eq!(fs::read(&file).unwrap(), bytes);
            let copy = write_document(&texts[0], MetadataPlace::Copy).unwrap().file;
            assert!(part(&fs::read(copy).unwrap(), "a.xhtml").contains("alt=\"A dot\""));
        } else {
            assert_eq!(written.unwrap().file, file);
            let after = fs::read(&file).unwrap();
            assert!(part(&after, "a.xhtml").contains("<img alt=\"A dot\" src=\"p.png\"/>"));
        }
    }
}

#[test]
fn a_text_of_an_office_program_gets_its_alt_texts() {
    let folder = tempfile::tempdir().unwrap();
    let mut parts = figures_opendocument::sample(Kind::OpenDocumentText);
    let mut picture = Vec::new();
    RgbImage::from_pixel(8, 8, Rgb([9, 9, 9]))
        .write_to(&mut std::io::Cursor::new(&mut picture), ImageFormat::Png)
        .unwrap();
    parts.retain(|(name, _)| *name != "Pictures/1.png");
    parts.push(("Pictures/1.png", picture));
    let file = folder.path().join("Balls.ODT");
    fs::write(&file, packed(&parts)).unwrap();
    let found = FoundDocument::read(&file).unwrap();
    assert_eq!(found.kind, Kind::OpenDocumentText);
    let context = found.images[0].context.as_deref().unwrap();
    assert_eq!(context, "Heading: “Balls”. Text before it: “one”");
    assert_eq!(found.images[0].origin.text(), Some("a"));
    let taken = taken(found.clone(), &folder.path().join("kept"));
    let own = &taken.additions[0].path;
    assert_eq!(own.file_name().unwrap(), "1.png");
    assert_eq!(image::open(own).unwrap().width(), 8);
    let texts = DocumentTexts::by_document([(
        found.images[0].origin.clone(),
        AltText::Text("A ball".to_owned()),
    )]);
    let copy = write_document(&texts[0], MetadataPlace::Copy).unwrap().file;
    assert_eq!(copy, file.with_file_name("Balls-alt.ODT"));
    let again = FoundDocument::read(&copy).unwrap();
    assert_eq!(again.images[0].origin.text(), Some("A ball"));
}

#[test]
fn a_place_without_a_text_counts_though_another_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    fs::write(
        &page,
        "<img src=a.png alt='A boat'><img src=b.png alt=''><img src=a.png><img src=b.png>",
    )
    .unwrap();
    let found = FoundDocument::read(&page).unwrap();
    let origins = found.images.iter().map(|image| &image.origin);
    let alts: Vec<_> = origins
        .map(|origin| (origin.is_missing, origin.text()))
        .collect();
    assert_eq!(alts, [(true, Some("A boat")), (true, None)]);
}

#[test]
fn a_paragraph_is_not_written_in_the_place_of_an_alt_text() {
    let cli = Cli::new();
    let page = site(cli.home.path());
    let arguments = [
        "--demo",
        "alt-text",
        text(&page),
        "--long-descriptions",
        "--which",
        "all",
        "--simulated-too",
        "--write-metadata",
        "copy",
    ];
    let output = cli.run(&arguments);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("Documents have no place for long descriptions"),
        "{}",
        stderr(&output)
    );
    assert!(!page.with_file_name("harbour-alt.html").exists());
    // Nor was anything asked about.
    assert_eq!(lines(&output).len(), 0);
}

#[test]
fn the_command_asks_about_what_needs_a_text_and_writes_it_into_a_copy() {
    let cli = Cli::new();
    let page = site(cli.home.path());
    let arguments = [
        "--demo",
        "alt-text",
        text(&page),
        "--format",
        "jsonl",
        "--write-metadata",
        "copy",
    ];
    let output = cli.run(&arguments);
    // One image is not there, and nothing simulated is written.
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("2 of them have an alt text or only decorate"),
        "{}",
        stderr(&output)
    );
    assert!(
        stderr(&output).contains("img/gone.png is not there"),
        "{}",
        stderr(&output)
    );
    assert!(!page.with_file_name("harbour-alt.html").exists());
    let rows = lines(&output);
    let images: Vec<_> = rows
        .iter()
        .map(|row| row["image"].as_str().unwrap())
        .collect();
    assert_eq!(images.len(), 2);
    assert_eq!(images[0], "../img/boat.png");
    assert_eq!(rows[0]["document"], text(&page));
    assert_eq!(rows[0].get("altBefore"), None);
    assert!(
        rows[0]["context"]
            .as_str()
            .unwrap()
            .contains("At the harbour")
    );
    let mut all = arguments.to_vec();
    all.extend(["--which", "all", "--simulated-too"]);
    let output = cli.run(&all);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rows = lines(&output);
    assert_eq!(rows[1]["altBefore"], "The pier");
    let copy = fs::read_to_string(page.with_file_name("harbour-alt.html")).unwrap();
    for row in &rows {
        let alt = format!("alt=\"{}\"", row["text"].as_str().unwrap());
        assert!(copy.contains(&alt), "{alt}: {copy}");
    }
}
