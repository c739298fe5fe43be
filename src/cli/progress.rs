//! A sign of life on the terminal for work that takes longer than a third of a second.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_millis(333);

/// Does some work; while it lasts, a terminal shows what is being done and for how long.
pub fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let (done, waiting) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Quick work shows nothing at all.
            if waiting.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let style = indicatif::ProgressStyle::with_template("{spinner} {msg} {elapsed}");
            let spinner = indicatif::ProgressBar::new_spinner().with_message(what.to_owned());
            if let Ok(style) = style {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(100));
            let _ = waiting.recv();
            spinner.finish_and_clear();
        });
        let result = work();
        drop(done);
        result
    })
}
