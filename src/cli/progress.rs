//! A progress line on long work, where standard error is a terminal.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::screen::Screen;
use crate::progress::ProgressSink;

/// The line that was drawn last, for what must take it away from elsewhere.
static LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Removes the line that is there, so that the screen is clean when a signal ends the program.
pub(super) fn remove_line() {
    let line = LINE.lock().unwrap_or_else(PoisonError::into_inner).take();
    line.iter().for_each(ProgressBar::finish_and_clear);
}

/// A watch that draws no line and tells what a person should know: for work that is done in a moment.
#[derive(Debug)]
pub struct NotesOnly<'a>(pub &'a Screen);

impl ProgressSink for NotesOnly<'_> {
    fn step(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, _: u64) {}

    fn note(&self, text: &str) {
        self.0.note(text);
    }
}

/// A watch that draws a progress line.
#[derive(Debug)]
pub struct TerminalProgress<'a> {
    bar: ProgressBar,
    screen: &'a Screen,
}

impl<'a> TerminalProgress<'a> {
    /// A progress line, hidden where it is not wanted.
    pub fn new(screen: &'a Screen) -> Self {
        let bar = if screen.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(120));
        *LINE.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
        Self { bar, screen }
    }

    /// Removes the line.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl ProgressSink for TerminalProgress<'_> {
    fn step(&self, name: &'static str, total: Option<u64>) {
        self.bar.set_position(0);
        if let Some(total) = total {
            self.bar.set_length(total);
            self.bar.set_style(style("{spinner} {msg} {wide_bar} {percent}%"));
        } else {
            self.bar.unset_length();
            self.bar.set_style(style("{spinner} {msg}"));
        }
        self.bar.set_message(name);
    }

    fn advance(&self, by: u64) {
        if self.bar.length().is_none() {
            self.bar.set_style(style("{spinner} {msg}: {human_pos}"));
        }
        self.bar.inc(by);
    }

    fn note(&self, text: &str) {
        self.bar.suspend(|| self.screen.note(text));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
