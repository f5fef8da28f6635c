//! A failed call on screen: the service's words, what they mean, and what support asks for.

use egui::{Label, RichText, ScrollArea, Ui};

use super::alert::{Alert, AlertKind};
use crate::chat::Failure;
use crate::ui::theme::{self, palette, size, space};

/// What title, buttons and frame of an alert take beside its words, in points.
const AROUND_WORDS: f32 = 96.0;

/// Shows a failure with room for buttons that lead out of it.
pub fn failure_alert(ui: &mut Ui, failure: &Failure, actions: impl FnOnce(&mut Ui)) {
    let title = match failure.status {
        Some(status) => format!("{} (HTTP {status})", failure.code),
        None => failure_name(failure),
    };
    Alert::new(AlertKind::Error, &title)
        .line(&failure.message)
        .line(&failure.advice)
        .show(ui, |ui| {
            if let Some(id) = &failure.request_id {
                let color = palette(ui).text_secondary;
                ui.label(theme::small(format!("Request id {id}")).color(color));
            }
            ui.add_space(space::XXS);
            // A row that nothing is put into takes no room.
            let height = std::mem::take(&mut ui.spacing_mut().interact_size.y);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().interact_size.y = height;
                actions(ui);
            });
        });
}

/// The same where the words may take more room than there is: what leads out comes first, and the words
/// scroll.
pub fn failure_alert_in_little_room(ui: &mut Ui, failure: &Failure, actions: impl FnOnce(&mut Ui)) {
    let room = ui.available_height();
    Alert::new(AlertKind::Error, &failure_name(failure)).show(ui, |ui| {
        ui.horizontal_wrapped(actions);
        ScrollArea::vertical()
            .id_salt("words of the failure")
            .max_height((room - AROUND_WORDS).max(size::LINE))
            .show(ui, |ui| {
                for words in [&failure.message, &failure.advice] {
                    ui.add(Label::new(RichText::new(words).color(palette(ui).text)).wrap());
                }
            });
    });
}

/// What a failure is called: by the service's code where it has one, which is what people look up, and in
/// words where the code is this program's own.
#[must_use]
pub fn failure_name(failure: &Failure) -> String {
    let code = &failure.code;
    if failure.status.is_some() || code.ends_with("Exception") || code.ends_with("Error") {
        return code.clone();
    }
    let mut name = String::with_capacity(code.len() + 4);
    for letter in code.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push(' ');
            name.extend(letter.to_lowercase());
        } else {
            name.push(letter);
        }
    }
    for (word, written) in [("Dns ", "DNS "), ("Tls ", "TLS "), (" s3", " S3")] {
        name = name.replace(word, written);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_service_stay_and_our_own_become_words() {
        let name = |code: &str| failure_name(&Failure::local(code, "", ""));
        assert_eq!(name("NoCredentials"), "No credentials");
        assert_eq!(name("DnsFailure"), "DNS failure");
        assert_eq!(name("ThrottlingException"), "ThrottlingException");
        assert_eq!(name("InternalError"), "InternalError");
        let refused = Failure {
            status: Some(404),
            ..Failure::local("NotFound", "", "")
        };
        assert_eq!(failure_name(&refused), "NotFound");
    }
}
