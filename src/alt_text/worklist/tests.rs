//! What a person can do to a list, and what is kept of it.

use std::path::PathBuf;

use super::*;
use crate::alt_text::job::Described;
use crate::catalog::ModelId;
use crate::chat::{Failure, Metrics, Usage};

fn list(names: &[&str]) -> Worklist {
    let mut list = Worklist::default();
    list.set_max_length(Some(20));
    list.add(names.iter().map(PathBuf::from));
    list
}

fn said(text: &str) -> ImageResult {
    of_alt(Alt::Text(text.into()), 1)
}

fn of_alt(alt: Alt, bytes: u8) -> ImageResult {
    ImageResult {
        index: 0,
        path: PathBuf::new(),
        content_hash: Some([bytes; 32]),
        same_as: None,
        outcome: Ok(Described {
            alt,
            model_id: ModelId::from("amazon.nova-lite-v1:0"),
            stop_reason: Some("end_turn".into()),
            usage: Some(Usage {
                input_tokens: 800,
                output_tokens: 20,
                total_tokens: 820,
                ..Usage::default()
            }),
            metrics: Metrics::default(),
            cost: None,
            request_id: None,
            simulated: true,
        }),
    }
}

fn failed() -> ImageResult {
    ImageResult {
        outcome: Err(Box::new(Failure::local("Nope", "No", "Try again"))),
        ..said("")
    }
}

fn text(list: &Worklist, place: usize) -> &str {
    list.item(place).map_or("nothing there", Item::text)
}

#[test]
fn an_answer_becomes_the_text_until_a_person_decides() {
    let mut list = list(&["a.jpg"]);
    list.begin(0);
    list.take(0, said("A boat"));
    assert_eq!(text(&list, 0), "A boat");
    list.write(0, &Alt::Text("A red boat".into()));
    list.take(0, said("A ship"));
    assert_eq!(
        text(&list, 0),
        "A red boat",
        "what is written by hand stays"
    );
    let answers = &list.item(0).unwrap().suggestions;
    assert_eq!(answers.len(), 2, "the new answer stands beside it");
    list.choose(0, 1);
    assert_eq!(text(&list, 0), "A ship");
    list.review(&[0], |review| review.approved = true);
    list.take(0, said("A raft"));
    assert_eq!(text(&list, 0), "A ship", "what is approved stays");
}

#[test]
fn every_decision_can_be_taken_back_and_done_again() {
    let mut list = list(&["a.jpg", "b.jpg"]);
    list.take(0, said("A boat"));
    list.take(1, of_alt(Alt::Text("A lake".into()), 2));
    for typed in ["A boat ", "A boat a", "A boat at"] {
        list.write(0, &Alt::Text(typed.into()));
    }
    list.end_step();
    list.review(&[0, 1], |review| review.approved = true);
    list.review(&[1], |review| review.removed = true);
    assert_eq!(list.shown().count(), 1);
    assert_eq!(list.undo(), Some(1));
    assert_eq!(list.shown().count(), 2);
    list.undo();
    assert!(!list.item(0).unwrap().review.approved);
    list.undo();
    assert_eq!(text(&list, 0), "A boat", "what was typed is one step");
    assert!(!list.can_undo());
    assert_eq!(list.redo(), Some(0));
    assert_eq!(text(&list, 0), "A boat at");
    list.write(1, &Alt::Text("A pond".into()));
    assert!(!list.can_redo(), "another decision ends what was undone");
}

#[test]
fn what_came_since_stays_when_something_is_taken_back() {
    let mut list = list(&["a.jpg"]);
    list.begin(0);
    list.review(&[0], |review| review.removed = true);
    list.take(0, said("A boat"));
    list.undo();
    assert!(!list.item(0).unwrap().review.removed);
    assert_eq!(text(&list, 0), "A boat", "it was paid for");
    list.redo();
    assert!(list.item(0).unwrap().review.removed);
    list.undo();
    // What is typed stands in the way of the answer; without it the answer is the text.
    let mut list = self::list(&["a.jpg"]);
    list.begin(0);
    list.write(0, &Alt::Text("Mine".into()));
    list.take(0, said("A boat"));
    assert_eq!(text(&list, 0), "Mine");
    list.undo();
    assert_eq!(text(&list, 0), "A boat");
}

#[test]
fn approving_is_no_part_of_typing() {
    let mut list = list(&["a.jpg"]);
    list.write(0, &Alt::Text("A b".into()));
    list.write(0, &Alt::Text("A boat".into()));
    list.review(&[0], |review| review.approved = true);
    list.undo();
    assert_eq!(text(&list, 0), "A boat");
    assert!(!list.item(0).unwrap().review.approved);
    list.undo();
    assert_eq!(text(&list, 0), "");
}

#[test]
fn who_has_a_text_has_not_failed() {
    let mut list = list(&["a.jpg"]);
    list.take(0, failed());
    assert!(list.item(0).unwrap().has_failed());
    list.write(0, &Alt::Text("A boat".into()));
    assert!(!list.item(0).unwrap().has_failed());
    assert!(list.find(Filter::Failed, "").0.is_empty());
    // Nor for want of a long description.
    list.begin(0);
    assert!(list.take_long_description(0, failed()).is_err());
    assert_eq!(list.item(0).unwrap().status, Status::Done);
    assert_eq!(text(&list, 0), "A boat");
}

#[test]
fn an_emptied_text_is_none() {
    let mut list = list(&["a.jpg"]);
    list.take(0, said("A boat"));
    list.write(0, &Alt::Text(" ".into()));
    assert!(list.item(0).unwrap().result(0).is_none());
}

#[test]
fn what_a_document_says_by_now_is_noted() {
    let mut list = Worklist::default();
    let origin = Origin {
        document: DocumentPlace::File("page.html".into()),
        image: "a.png".into(),
        figures: vec![0],
        alt: AltText::Missing,
        is_missing: true,
        division: None,
        digest: None,
    };
    list.add([crate::alt_text::Addition {
        path: "a.png".into(),
        context: None,
        origin: Some(origin.clone()),
    }]);
    let says = AltText::Text("A boat".into());
    let elsewhere = DocumentPlace::File("other.html".into());
    list.document_says(&elsewhere, &[("a.png".into(), says.clone())]);
    assert_eq!(list.item(0).unwrap().origin.as_deref(), Some(&origin));
    list.document_says(&origin.document, &[("a.png".into(), says.clone())]);
    let now = list.item(0).unwrap().origin.as_deref().unwrap();
    assert_eq!((&now.alt, now.is_missing), (&says, false));
}

#[test]
fn the_same_text_is_objected_to_where_it_comes_second() {
    let mut list = list(&["a.jpg", "b.jpg", "c.jpg"]);
    list.take(0, of_alt(Alt::Text("A boat".into()), 1));
    list.take(1, of_alt(Alt::Text("a BOAT".into()), 2));
    list.take(2, of_alt(Alt::Text("A boat".into()), 1));
    assert_eq!(list.problems(0), []);
    assert_eq!(list.problems(1), [Problem::SameAs("a.jpg".into())]);
    assert_eq!(
        list.problems(2),
        [Problem::SameAs("b.jpg".into())],
        "the same bytes may have the same text, others may not"
    );
    list.write(1, &Alt::Text("A barge".into()));
    assert_eq!(list.problems(1), []);
    assert_eq!(list.problems(2), []);
}

#[test]
fn filters_count_and_find() {
    let mut list = list(&["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]);
    list.take(0, said("Image of a boat"));
    list.take(
        1,
        of_alt(Alt::Text("A text of more than twenty letters".into()), 2),
    );
    let reason = "a border".to_owned();
    list.take(2, of_alt(Alt::Decorative { reason }, 3));
    list.take(3, failed());
    list.review(&[2], |review| review.approved = true);
    let find = |filter| list.find(filter, "").0;
    assert_eq!(find(Filter::All), [0, 1, 2, 3, 4]);
    assert_eq!(find(Filter::NotReviewed), [0, 1]);
    assert_eq!(find(Filter::Approved), [2]);
    assert_eq!(find(Filter::Objected), [0, 1]);
    assert_eq!(find(Filter::TooLong), [1]);
    assert_eq!(find(Filter::SaysImage), [0]);
    assert!(find(Filter::SameAsAnother).is_empty());
    assert_eq!(find(Filter::Decorative), [2]);
    assert_eq!(find(Filter::Failed), [3]);
    assert_eq!(find(Filter::Waiting), [4]);
    let (found, counts) = list.find(Filter::All, "BOAT image");
    assert_eq!(found, [0]);
    assert_eq!(counts.of(Filter::All), 5, "counts are of the whole list");
}

#[test]
fn what_is_kept_comes_back_whole() {
    let mut list = list(&["a.jpg", "b.jpg", "c.jpg"]);
    list.take(0, said("A boat"));
    list.take(1, failed());
    list.begin(2);
    let kept: Vec<&Item> = list.items().iter().map(Arc::as_ref).collect();
    let json = serde_json::to_string(&kept).unwrap();
    let items: Vec<Item> = serde_json::from_str(&json).unwrap();
    let again = Worklist::from_items(items, Some(20));
    assert_eq!(again.item(0), list.item(0));
    assert_eq!(again.item(1), list.item(1));
    assert_eq!(again.item(2).unwrap().status, Status::Waiting);
    // 800 and 20 tokens for the one answer, at a price nobody told.
    let taken = again.taken();
    assert_eq!(
        (taken.tokens_in, taken.tokens_out, taken.unknown),
        (800, 20, 1)
    );
    assert!(!again.has_unsaved());
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_is_kept_too() {
    use std::os::unix::ffi::OsStringExt as _;
    let path = PathBuf::from(std::ffi::OsString::from_vec(b"/photos/\xff.jpg".to_vec()));
    let json = serde_json::to_string(&Item::new(path.clone())).unwrap();
    let item: Item = serde_json::from_str(&json).unwrap();
    assert_eq!(item.path, path);
}
