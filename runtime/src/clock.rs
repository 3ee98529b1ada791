//! Moments, and the clock that the scheduler reads.
//!
//! A run reads the wall clock once, at its start, and adds monotonic time to it: so setting the
//! clock back during a run makes no duration negative and no deadline late. With a virtual clock, a run of scripted outcomes
//! takes no time.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use tokio::time::Instant;

/// A moment of a run: nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment `by` later, or the last moment there is.
    #[must_use]
    pub fn after(self, by: Duration) -> Moment {
        Moment(self.0.saturating_add(i64::try_from(by.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// The nanoseconds from `earlier` to this moment.
    pub fn since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The time from `earlier` to this moment; zero if `earlier` is later.
    pub fn elapsed(self, earlier: Moment) -> Duration {
        Duration::from_nanos(u64::try_from(self.since(earlier)).unwrap_or(0))
    }

    /// As RFC 3339 in UTC, to the millisecond.
    pub fn rfc3339(self) -> String {
        let at = jiff::Timestamp::from_nanosecond(i128::from(self.0)).unwrap_or_default();
        format!("{at:.3}")
    }
}

/// A wait that ends at a moment.
pub type Wait<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Where the scheduler takes the time from.
pub trait Clock {
    /// The present moment.
    fn now(&self) -> Moment;
    /// Ends when `at` is reached.
    fn sleep_until(&self, at: Moment) -> Wait<'_>;
}

const MILLISECOND: i64 = 1_000_000;

/// The system's clock, in whole milliseconds: more digits say nothing about a process, and clutter every message.
#[derive(Debug)]
pub struct SystemClock {
    wall: Moment,
    began: Instant,
}

impl SystemClock {
    /// A clock that starts now.
    pub fn new() -> SystemClock {
        let wall = i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(0);
        SystemClock { wall: whole(Moment(wall)), began: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        whole(self.wall.after(self.began.elapsed()))
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        Box::pin(tokio::time::sleep_until(self.began + at.elapsed(self.wall)))
    }
}

fn whole(moment: Moment) -> Moment {
    Moment(moment.0 - moment.0.rem_euclid(MILLISECOND))
}

/// A clock that jumps: a wait ends at once and moves the clock. Clones show the same time.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    now: Rc<Cell<Moment>>,
}

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn new(start: Moment) -> VirtualClock {
        VirtualClock { now: Rc::new(Cell::new(start)) }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        self.now.get()
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        self.now.set(self.now.get().max(at));
        Box::pin(std::future::ready(()))
    }
}
