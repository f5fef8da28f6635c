//! Documents and pages of the web among what `alt-text` is to look at, and the texts written back into documents.

use std::io;
use std::path::PathBuf;

use super::args::{Global, ImagesOfDocuments};
use super::output::Output;
use super::{CommandError, kept};
use crate::alt_text::{
    DocumentTexts, FoundDocument, MetadataPlace, Origin, Source, TAKEN_OUT, take_out,
    write_document,
};
use crate::bedrock::Proxy;
use crate::figures::{AltText, Kind};

/// Takes documents and addresses out of what was named, and gives their images.
pub async fn images(
    global: &Global,
    paths: &mut Vec<PathBuf>,
    which: ImagesOfDocuments,
    output: &mut Output,
) -> Result<Vec<Source>, CommandError> {
    let (named, others) = std::mem::take(paths).into_iter().partition(|path| {
        address(path).is_some() || (Kind::of_path(path).is_some() && path.is_file())
    });
    *paths = others;
    let named: Vec<PathBuf> = named;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let proxy = Proxy::from_setting(kept::settings(global)?.proxy.as_deref());
    let mut documents = Vec::new();
    for path in named {
        let mut document = found(path, &proxy).await.map_err(CommandError::Usage)?;
        let all = document.images.len();
        document.images.retain(|image| match which {
            ImagesOfDocuments::Missing => image.origin.is_missing,
            ImagesOfDocuments::MissingOrPoor => {
                image.origin.is_missing || !image.problems.is_empty()
            }
            ImagesOfDocuments::All => true,
        });
        let left_out = match all - document.images.len() {
            0 => String::new(),
            some => format!("; {some} of them have an alt text or only decorate, and are left out"),
        };
        let tables = if document.takes_texts {
            ""
        } else {
            "; it has no tags, so texts cannot be written into it"
        };
        output.note(&format!(
            "{}: {all} images{left_out}{tables}",
            document.place.name()
        ));
        documents.push(document);
    }
    let folder = kept::folder(global)?.path().join(TAKEN_OUT);
    let taken = take_out(documents, &folder, &proxy, || true)
        .await
        .map_err(CommandError::Usage)?;
    for remark in &taken.remarks {
        output.note(remark);
    }
    let source = |addition: crate::alt_text::Addition| Source {
        path: addition.path,
        context: addition.context,
        origin: addition.origin.map(Box::new),
        problem: None,
    };
    Ok(taken.additions.into_iter().map(source).collect())
}

/// The address of a page, if that is what was named.
fn address(path: &std::path::Path) -> Option<&str> {
    let text = path.to_str()?;
    let begins = |with: &str| text.starts_with(with);
    (begins("https://") || begins("http://")).then_some(text)
}

async fn found(path: PathBuf, proxy: &Proxy) -> Result<FoundDocument, String> {
    if let Some(address) = address(&path) {
        return FoundDocument::fetch(address, proxy).await;
    }
    tokio::task::spawn_blocking(move || FoundDocument::read(&path))
        .await
        .unwrap_or_else(|died| Err(died.to_string()))
}

/// Writes texts into their documents; gives how many documents could not be written.
pub async fn write(
    texts: Vec<(Origin, AltText)>,
    place: MetadataPlace,
    output: &mut Output,
) -> io::Result<usize> {
    let mut failed = 0;
    for document in DocumentTexts::by_document(texts) {
        let written = tokio::task::spawn_blocking(move || write_document(&document, place))
            .await
            .map_err(io::Error::other)?;
        match written {
            Ok(written) => {
                let (file, texts) = (written.file.display(), written.texts.len());
                output.note(&format!("{file}: {texts} texts were written"));
                if let Some(remark) = written.remark() {
                    output.note(&remark);
                }
            }
            Err(reason) => {
                failed += 1;
                output.note(&reason);
            }
        }
    }
    Ok(failed)
}
