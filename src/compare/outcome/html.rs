//! An outcome as one HTML page that needs nothing else.

use std::fmt::Write as _;

use super::{Outcome, RULE, asked, error};
use crate::compare::Run;
use crate::export::{answer_as_html, escaped_html, page_as_html};

pub(super) fn write(outcome: &Outcome<'_>) -> String {
    let mut body = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(body, "<p>{}</p>", escaped_html(outcome.date));
    if outcome.is_simulated() {
        body.push_str(
            "<p class=\"simulated\">Simulated: the embedded endpoint made these answers up.</p>\n",
        );
    }
    figures(&mut body, &outcome.figures());
    let mut place = None;
    for run in outcome.runs() {
        if place != Some((run.at.row, run.round)) {
            place = Some((run.at.row, run.round));
            let _ = writeln!(
                body,
                "<article class=\"user\">\n<h2>Prompt {}</h2>\n\
                 <p class=\"plain\" dir=\"auto\" lang=\"\">{}</p>\n</article>",
                run.at.row + 1,
                escaped_html(&asked(run.prompt))
            );
        }
        answer(&mut body, outcome, &run);
    }
    page_as_html(outcome.title, &body)
}

fn figures(body: &mut String, rows: &[Vec<String>]) {
    body.push_str("<table class=\"figures\">\n");
    for (at, row) in rows.iter().enumerate() {
        body.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let cell = escaped_html(cell);
            let _ = match (at, place) {
                (0, _) => write!(body, "<th scope=\"col\">{cell}</th>"),
                (_, 0) => write!(body, "<th scope=\"row\">{cell}</th>"),
                _ => write!(body, "<td>{cell}</td>"),
            };
        }
        body.push_str("</tr>\n");
    }
    let _ = writeln!(body, "</table>\n<p>{RULE}</p>");
}

fn answer(body: &mut String, outcome: &Outcome<'_>, run: &Run<'_>) {
    let label = escaped_html(&outcome.comparison.label(run.at.column));
    let winner = if outcome.is_winner(run) {
        " (winner)"
    } else {
        ""
    };
    let _ = writeln!(
        body,
        "<article class=\"assistant\">\n<h3>{label}{winner}</h3>"
    );
    answer_as_html(body, &run.message.text());
    if let Some(error) = error(run) {
        let error = escaped_html(&error);
        let _ = writeln!(body, "<p class=\"failure\" dir=\"auto\">{error}</p>");
    }
    let rating = outcome.comparison.verdicts().rating(run.at);
    let facts = [
        Some(outcome.took(run)),
        rating.map(|stars| format!("Rated {stars} of {}", crate::compare::MOST_STARS)),
        outcome.judged(run.at),
    ];
    for fact in facts.into_iter().flatten().filter(|fact| !fact.is_empty()) {
        let _ = writeln!(body, "<p dir=\"auto\">{}</p>", escaped_html(&fact));
    }
    body.push_str("</article>\n");
}
