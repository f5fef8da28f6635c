//! Names for assistive technology and for scripts, where a widget shows none of its own.

use egui::Response;
use egui::accesskit::Live;

/// Gives a widget its name; what is shown of it stays as it is.
pub fn accessible_name(response: &Response, name: &str) {
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_label(name));
}

/// Has a text read aloud when it appears; at once and over what is being read when it is about a failure.
pub fn announced(response: &Response, failed: bool) {
    let live = if failed {
        Live::Assertive
    } else {
        Live::Polite
    };
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_live(live));
}
