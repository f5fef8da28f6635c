//! The desktop's notifications, behind a trait so that tests need no desktop.

use super::NAME;

/// Tells a person who looks elsewhere.
pub trait Notifier {
    /// Shows a notification. Called on the UI thread; must not wait.
    fn notify(&self, title: &str, text: &str);
}

/// The desktop's own notifications. Where it has none, nothing is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNotifier;

impl Notifier for SystemNotifier {
    fn notify(&self, title: &str, text: &str) {
        let mut notification = notify_rust::Notification::new();
        notification
            .appname(NAME)
            .summary(title)
            .body(text)
            .icon("bedrock-playground");
        // The desktop is asked over a bus, which may take its time.
        let told = std::thread::Builder::new()
            .name("notification".to_owned())
            .spawn(move || {
                if let Err(error) = notification.show() {
                    tracing::debug!("no notification was shown: {error}");
                }
            });
        if let Err(error) = told {
            tracing::debug!("no notification was shown: {error}");
        }
    }
}
