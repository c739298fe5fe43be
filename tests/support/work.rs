//! How long a thread worked: what others do on the machine at the same time is not counted.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The time that this thread has worked; where the system does not tell, the time that has passed.
pub fn worked() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let start = *START;
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|it| it.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}
