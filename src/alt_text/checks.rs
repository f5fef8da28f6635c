//! What the guidance of W3C's Web Accessibility Initiative and the habits of its readers object to
//! in an alt text. Remarks for a person, not verdicts: nothing is changed.

use std::collections::HashMap;
use std::path::Path;

use super::prompt::length;

/// Articles a phrase may begin with before it says "image of".
const ARTICLES: &[&str] = &[
    "a", "an", "the", "this", "ein", "eine", "das", "dieses", "die", "une", "un", "cette", "la",
    "una", "esta", "el", "uno", "questa", "uma", "um", "een", "de", "deze",
];

/// Beginnings that say what the element is instead of what it shows: English, German, French,
/// Spanish, Italian, Portuguese, Dutch.
const BEGINNINGS: &[&str] = &[
    "image of",
    "image shows",
    "image showing",
    "image depicts",
    "image depicting",
    "picture of",
    "picture shows",
    "picture showing",
    "photo of",
    "photo shows",
    "photo showing",
    "photograph of",
    "photograph showing",
    "graphic of",
    "bild von",
    "bild zeigt",
    "bild eines",
    "bild einer",
    "foto von",
    "foto zeigt",
    "foto eines",
    "foto einer",
    "abbildung von",
    "image de",
    "image d'",
    "image d’",
    "image montre",
    "photo de",
    "photo d'",
    "photo d’",
    "photographie de",
    "imagen de",
    "imagen muestra",
    "foto de",
    "fotografía de",
    "immagine di",
    "foto di",
    "fotografia di",
    "imagem de",
    "fotografia de",
    "afbeelding van",
    "foto van",
];

/// Endings that say the same in Japanese and Chinese.
const ENDINGS: &[&str] = &[
    "の画像",
    "の写真",
    "的图片",
    "的照片",
    "的圖片",
    "的照片。",
    "の画像。",
];

/// Words that alone say nothing about a picture.
const EMPTY_WORDS: &[&str] = &[
    "image",
    "picture",
    "photo",
    "photograph",
    "graphic",
    "icon",
    "img",
    "bild",
    "foto",
    "imagen",
    "immagine",
    "imagem",
    "afbeelding",
    "spacer",
    "untitled",
    "null",
    "undefined",
    "n/a",
    "画像",
    "写真",
    "图片",
];

/// Words no phrase ends with: the text was cut off.
const NEVER_LAST: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "with", "from", "to", "und", "oder", "der", "mit", "von",
    "et", "de", "avec", "con", "di",
];

const EXTENSIONS: &[&str] = &[
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".avif", ".svg",
];

/// An objection to an alt text, as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No text, and nothing says that the picture only decorates.
    #[error("There is no text, and nothing says that the image only decorates.")]
    Empty,
    /// Longer than was asked for.
    #[error("It has {length} characters, and at most {most} were asked for.")]
    TooLong {
        /// Characters as people count them.
        length: usize,
        /// The limit.
        most: usize,
    },
    /// `Image of …`
    #[error("It says that it is an image (“{0}”), which a screen reader says anyway.")]
    SaysImage(String),
    /// A file name.
    #[error("It is a file name, which says nothing about the image.")]
    FileName,
    /// A word that would suit any picture, or no word at all.
    #[error("It would suit any image.")]
    Meaningless,
    /// Cut off.
    #[error("It ends in the middle of a phrase.")]
    Unfinished,
    /// Another picture has the same text.
    #[error("{0} has the same text, though it is another image.")]
    SameAs(String),
}

impl Problem {
    /// A short name for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "tooLong",
            Self::SaysImage(_) => "saysImage",
            Self::FileName => "fileName",
            Self::Meaningless => "meaningless",
            Self::Unfinished => "unfinished",
            Self::SameAs(_) => "sameAsAnother",
        }
    }
}

/// Looks at texts one after another, and remembers them to find the same text twice.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    max_length: Option<usize>,
    seen: HashMap<String, (String, [u8; 32])>,
}

impl Checker {
    /// A checker that objects to texts of more characters than this.
    #[must_use]
    pub fn new(max_length: Option<usize>) -> Self {
        Self {
            max_length,
            seen: HashMap::new(),
        }
    }

    /// What is wrong with a text. The same text is right for the same bytes; of two pictures with one
    /// text the later is objected to.
    pub fn check(&mut self, file: &str, content_hash: [u8; 32], text: &str) -> Vec<Problem> {
        let text = text.trim();
        if text.is_empty() {
            return vec![Problem::Empty];
        }
        let mut problems = Vec::new();
        let length = length(text);
        if let Some(most) = self.max_length
            && length > most
        {
            problems.push(Problem::TooLong { length, most });
        }
        problems.extend(says_image(text).map(Problem::SaysImage));
        if is_file_name(text, file) {
            problems.push(Problem::FileName);
        }
        if is_meaningless(text) {
            problems.push(Problem::Meaningless);
        }
        if is_unfinished(text) {
            problems.push(Problem::Unfinished);
        }
        let first = self
            .seen
            .entry(text.to_lowercase())
            .or_insert_with(|| (file.to_owned(), content_hash));
        if first.1 != content_hash {
            problems.push(Problem::SameAs(first.0.clone()));
        }
        problems
    }
}

fn says_image(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let without_article = lower
        .split_once(' ')
        .filter(|(first, _)| ARTICLES.contains(first))
        .map_or(lower.as_str(), |(_, rest)| rest);
    // French binds its article to the word.
    let without_article = without_article
        .strip_prefix("l'")
        .or_else(|| without_article.strip_prefix("l’"))
        .unwrap_or(without_article);
    let begins = BEGINNINGS.iter().find(|beginning| {
        without_article
            .strip_prefix(**beginning)
            .is_some_and(|rest| {
                beginning.ends_with(['\'', '’'])
                    || rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
            })
    });
    let ends = ENDINGS.iter().find(|ending| lower.ends_with(**ending));
    begins.or(ends).map(|found| (*found).to_owned())
}

fn is_file_name(text: &str, file: &str) -> bool {
    let lower = text.to_lowercase();
    let stem = Path::new(file)
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    // A name of one piece is a name; "Sunset over the sea" may be both, and is a description then.
    lower == file.to_lowercase()
        || (lower == stem && !stem.contains(' '))
        || (!lower.contains(' ') && EXTENSIONS.iter().any(|ending| lower.ends_with(ending)))
}

fn is_meaningless(text: &str) -> bool {
    let lower = text.to_lowercase();
    let word = lower.trim_end_matches('.');
    !text.chars().any(char::is_alphanumeric) || EMPTY_WORDS.contains(&word)
}

fn is_unfinished(text: &str) -> bool {
    if text.ends_with([',', ';', ':', '(', '…', '、', '，']) || text.ends_with("...") {
        return true;
    }
    // "Vitamin A" ends well: only words as they stand inside a phrase count.
    text.rsplit(' ')
        .next()
        .is_some_and(|last| text.contains(' ') && NEVER_LAST.contains(&last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<Problem> {
        Checker::new(Some(20)).check("IMG_0042.jpg", [0; 32], text)
    }

    #[test]
    fn a_good_text_has_none() {
        for text in [
            "A red boat at sea",
            "Rotes Boot",
            "Imageboard users",
            "Vitamin A",
            "Screenshot of mail",
        ] {
            assert_eq!(problems(text), [], "{text}");
        }
    }

    #[test]
    fn what_it_is_instead_of_what_it_shows() {
        for (text, found) in [
            ("Image of a boat", "image of"),
            ("A photo of a boat", "photo of"),
            ("The image shows boats", "image shows"),
            ("Ein Bild von Booten", "bild von"),
            ("Une photo d’un bateau", "photo d’"),
            ("L'image montre la mer", "image montre"),
            ("Una imagen de barcos", "imagen de"),
            ("Foto di una barca", "foto di"),
            ("海の写真", "の写真"),
        ] {
            let expected = Problem::SaysImage(found.into());
            assert!(
                problems(text).contains(&expected),
                "{text}: {:?}",
                problems(text)
            );
        }
    }

    #[test]
    fn length_is_counted_as_people_do() {
        assert_eq!(problems(&"👩‍👩‍👧".repeat(19)).len(), 1, "no word in it");
        assert_eq!(
            problems("One and twenty chars!"),
            [Problem::TooLong {
                length: 21,
                most: 20
            }]
        );
    }

    #[test]
    fn names_words_for_anything_and_fragments() {
        for text in ["IMG_0042.jpg", "img_0042", "hero-banner.PNG"] {
            assert_eq!(problems(text), [Problem::FileName], "{text}");
        }
        for text in ["Photo.", "bild", "---"] {
            assert_eq!(problems(text), [Problem::Meaningless], "{text}");
        }
        for text in ["A boat with", "A boat,", "A boat and...", "Boats…"] {
            assert_eq!(problems(text), [Problem::Unfinished], "{text}");
        }
        assert_eq!(problems(" "), [Problem::Empty]);
    }

    #[test]
    fn one_text_for_two_images_is_said_of_the_second() {
        let mut checker = Checker::new(None);
        assert_eq!(checker.check("a.jpg", [1; 32], "A boat"), []);
        assert_eq!(checker.check("copy of a.jpg", [1; 32], "A boat"), []);
        assert_eq!(
            checker.check("b.jpg", [2; 32], "a boat"),
            [Problem::SameAs("a.jpg".into())]
        );
    }
}
