//! Names for assistive technology and for scripts, where a widget shows none of its own.

use egui::Response;

/// Gives a widget its name; what is shown of it stays as it is.
pub fn accessible_name(response: &Response, name: &str) {
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_label(name));
}
