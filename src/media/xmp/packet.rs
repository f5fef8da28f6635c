//! The XML of an XMP packet: two properties read or replaced, all else copied event by event.

use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;
use quick_xml::writer::Writer;
use quick_xml::{XmlVersion, escape};

use super::{DEFAULT_LANGUAGE, Descriptions, Languages, XmpError};

const RDF: &[u8] = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const IPTC: &[u8] = b"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
const ALT_TEXT: &str = "AltTextAccessibility";
const EXTENDED: &str = "ExtDescrAccessibility";

/// A packet with nothing in it (XMP specification part 1, 7.3).
const EMPTY: &str = concat!(
    "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"></rdf:RDF>",
    "</x:xmpmeta><?xpacket end=\"w\"?>"
);

/// Reads the descriptions of a packet.
///
/// # Errors
/// [`XmpError::Packet`] when it is not well-formed.
pub fn read(packet: &str) -> Result<Descriptions, XmpError> {
    let mut reader = NsReader::from_str(packet);
    let mut found = Descriptions::default();
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => return Ok(found),
            Event::Start(start) => match property(&reader, &start) {
                Some(ALT_TEXT) => found.alt_text = Some(languages(&mut reader, &start)?),
                Some(EXTENDED) => found.extended = Some(languages(&mut reader, &start)?),
                _ => {}
            },
            _ => {}
        }
    }
}

/// A packet with these descriptions in the place of its own; a new one when there is none. Texts in languages that are
/// not among them stay.
///
/// # Errors
/// [`XmpError::Packet`] when it is not well-formed, or no XMP.
pub fn update(packet: Option<&str>, descriptions: &Descriptions) -> Result<String, XmpError> {
    let packet = packet.unwrap_or(EMPTY);
    let before = read(packet)?;
    let descriptions = &Descriptions {
        alt_text: with_others(descriptions.alt_text.as_ref(), before.alt_text),
        extended: with_others(descriptions.extended.as_ref(), before.extended),
    };
    let mut reader = NsReader::from_str(packet);
    let mut writer = Writer::new(Vec::new());
    let mut about = String::new();
    let mut placed = false;
    loop {
        let event = reader.read_event().map_err(broken)?;
        match &event {
            Event::Eof => break,
            Event::Start(start) | Event::Empty(start)
                if replaced(property(&reader, start), descriptions) =>
            {
                if matches!(event, Event::Start(_)) {
                    reader.read_to_end(start.name()).map_err(broken)?;
                }
                continue;
            }
            Event::Start(start) | Event::Empty(start) if is_rdf(&reader, start, "Description") => {
                about = attribute(&reader, start, "about").unwrap_or(about);
            }
            Event::Empty(start) if is_rdf(&reader, start, "RDF") => {
                let end = start.to_end().into_owned();
                writer.write_event(Event::Start(start.borrow()))?;
                place(&mut writer, &about, descriptions);
                writer.write_event(Event::End(end))?;
                placed = true;
                continue;
            }
            Event::End(end) if !placed && is_rdf_end(&reader, end) => {
                place(&mut writer, &about, descriptions);
                placed = true;
            }
            _ => {}
        }
        writer.write_event(event)?;
    }
    if !placed {
        return Err(XmpError::Packet("it holds no rdf:RDF".to_owned()));
    }
    let updated = String::from_utf8(writer.into_inner()).map_err(broken)?;
    // A node of an earlier time that says nothing any more.
    Ok(updated.replace(&format!("{}{NODE_END}", node_start(&about)), ""))
}

/// Texts, and of those that were there the ones in other languages. A text for everyone alone takes the place of the old
/// one, in whatever language that stands there a second time.
fn with_others(texts: Option<&Languages>, before: Option<Languages>) -> Option<Languages> {
    let mut texts = texts?.clone();
    if texts.is_empty() {
        return Some(texts);
    }
    let before = before.unwrap_or_default();
    let is_for_everyone = texts
        .iter()
        .all(|(language, _)| language == DEFAULT_LANGUAGE);
    let default = before
        .iter()
        .find(|(language, _)| language == DEFAULT_LANGUAGE)
        .map(|(_, text)| text.clone());
    let others = before.into_iter().filter(|(language, text)| {
        let is_again = is_for_everyone && default.as_ref() == Some(text);
        language != DEFAULT_LANGUAGE && !is_again
    });
    for (language, text) in others {
        if texts
            .iter()
            .all(|(named, _)| !named.eq_ignore_ascii_case(&language))
        {
            texts.push((language, text));
        }
    }
    Some(texts)
}

const NODE_END: &str = "</rdf:Description>";

fn node_start(about: &str) -> String {
    format!(
        "<rdf:Description xmlns:rdf=\"{}\" xmlns:Iptc4xmpCore=\"{}\" rdf:about=\"{}\">",
        String::from_utf8_lossy(RDF),
        String::from_utf8_lossy(IPTC),
        escape::escape(about)
    )
}

fn broken(error: impl std::fmt::Display) -> XmpError {
    XmpError::Packet(error.to_string())
}

/// Which of our properties an element is, whatever its prefix.
fn property(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Option<&'static str> {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    if namespace != ResolveResult::Bound(Namespace(IPTC)) {
        return None;
    }
    [ALT_TEXT, EXTENDED]
        .into_iter()
        .find(|name| local.as_ref() == name.as_bytes())
}

fn replaced(property: Option<&str>, descriptions: &Descriptions) -> bool {
    match property {
        Some(ALT_TEXT) => descriptions.alt_text.is_some(),
        Some(EXTENDED) => descriptions.extended.is_some(),
        _ => false,
    }
}

fn is_rdf(reader: &NsReader<&[u8]>, start: &BytesStart<'_>, name: &str) -> bool {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    namespace == ResolveResult::Bound(Namespace(RDF)) && local.as_ref() == name.as_bytes()
}

fn is_rdf_end(reader: &NsReader<&[u8]>, end: &BytesEnd<'_>) -> bool {
    let (namespace, local) = reader.resolver().resolve_element(end.name());
    namespace == ResolveResult::Bound(Namespace(RDF)) && local.as_ref() == b"RDF"
}

fn attribute(reader: &NsReader<&[u8]>, start: &BytesStart<'_>, name: &str) -> Option<String> {
    start.attributes().flatten().find_map(|attribute| {
        let (_, local) = reader.resolver().resolve_attribute(attribute.key);
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        (local.as_ref() == name.as_bytes()).then(|| value.into_owned())
    })
}

/// The items of a language alternative, up to the end of its property.
fn languages(
    reader: &mut NsReader<&[u8]>,
    property: &BytesStart<'_>,
) -> Result<Languages, XmpError> {
    let mut found = Languages::new();
    let mut inside = false;
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(start) if is_rdf(reader, &start, "li") => {
                let language = attribute(reader, &start, "lang");
                let language = language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned());
                found.push((language, String::new()));
                inside = true;
            }
            Event::Text(text) if inside => {
                let text = text.decode().map_err(broken)?;
                push(&mut found, &text);
            }
            Event::CData(text) if inside => {
                let text = text.decode().map_err(broken)?;
                push(&mut found, &text);
            }
            Event::GeneralRef(reference) if inside => push(&mut found, &resolved(&reference)?),
            Event::End(end) if end.name() == property.name() => return Ok(found),
            Event::End(_) => inside = false,
            Event::Eof => return Err(XmpError::Packet("it ends early".to_owned())),
            _ => {}
        }
    }
}

fn push(found: &mut Languages, text: &str) {
    if let Some((_, last)) = found.last_mut() {
        last.push_str(text);
    }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, XmpError> {
    if let Some(character) = reference.resolve_char_ref().map_err(broken)? {
        return Ok(character.to_string());
    }
    let name = reference.decode().map_err(broken)?;
    escape::resolve_predefined_entity(&name)
        .map(str::to_owned)
        .ok_or_else(|| XmpError::Packet(format!("unknown entity {name}")))
}

/// Writes the descriptions as a node of their own; RDF adds up nodes about the same thing.
fn place(writer: &mut Writer<Vec<u8>>, about: &str, descriptions: &Descriptions) {
    let properties: Vec<(&str, &Languages)> = [
        (ALT_TEXT, descriptions.alt_text.as_ref()),
        (EXTENDED, descriptions.extended.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, texts)| Some((name, texts.filter(|texts| !texts.is_empty())?)))
    .collect();
    if properties.is_empty() {
        return;
    }
    let mut xml = node_start(about);
    for (name, texts) in properties {
        xml.extend(["<Iptc4xmpCore:", name, "><rdf:Alt>"]);
        for (language, text) in default_first(texts) {
            let (language, text) = (escape::escape(language), escape::escape(legal(text)));
            xml.extend(["<rdf:li xml:lang=\"", &language, "\">", &text, "</rdf:li>"]);
        }
        xml.extend(["</rdf:Alt></Iptc4xmpCore:", name, ">"]);
    }
    xml.push_str(NODE_END);
    writer.get_mut().extend_from_slice(xml.as_bytes());
}

/// The default comes first (XMP specification part 1, 8.2.2.4); where there is none, the first
/// text is it.
fn default_first(texts: &Languages) -> Vec<(&str, &str)> {
    let is_default = |(language, _): &&(String, String)| language == DEFAULT_LANGUAGE;
    let default = texts.iter().find(is_default).or(texts.first());
    default
        .map(|(_, text)| (DEFAULT_LANGUAGE, text.as_str()))
        .into_iter()
        .chain(
            texts
                .iter()
                .filter(|item| !is_default(item))
                .map(|(language, text)| (language.as_str(), text.as_str())),
        )
        .collect()
}

/// Without the characters that XML 1.0 cannot hold.
fn legal(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}
