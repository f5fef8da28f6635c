//! The least that a window of eframe is: a line of text, with the features this program has.

use eframe::{NativeOptions, Renderer};

struct Empty;

impl eframe::App for Empty {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        ui.centered_and_justified(|ui| ui.heading("An empty window, with a line of text"));
    }
}

fn main() -> eframe::Result {
    let options = NativeOptions {
        renderer: Renderer::Glow,
        viewport: egui::ViewportBuilder::default().with_inner_size([1280.0, 800.0]),
        ..NativeOptions::default()
    };
    eframe::run_native("empty-window", options, Box::new(|_| Ok(Box::new(Empty))))
}
