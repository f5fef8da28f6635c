//! The window: everything egui.
//!
//! [`App`] owns all state. A frame reads like this: `logic` collects what background work has
//! brought, `ui` draws the screen, and what the person wished for (a [`Command`]) is carried out
//! after drawing. Screens take the shared state by reference and their own by `&mut`; they never
//! wait, lock or touch the disk, and never name the AWS SDK.

mod app;
mod clock;
mod command;
mod file_manager;
mod file_picker;
mod fonts;
mod frames;
mod icons;
mod load;
mod menu_bar;
mod motion;
mod notifier;
mod numbers;
mod pixels;
mod screens;
mod shared;
mod theme;
mod typefaces;
mod widgets;
mod window;

pub use app::{App, AppOptions};
pub use clock::Zone;
pub use command::{Command, Commands, ExportFormat, Screen, TurnCommand};
pub use file_manager::{FileManager, SystemFileManager};
pub use file_picker::{FilePicker, Picked, PickedOne, SystemFilePicker};
pub use menu_bar::{Choice, Edit, Menu, MenuBar, Row, System, Zoom, menus};
pub use notifier::{Notifier, SystemNotifier};
pub use window::{StartError, WindowOptions, run};

/// What the program is called wherever the desktop or a person reads it.
const NAME: &str = "Bedrock Playground";
