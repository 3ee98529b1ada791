//! Requests to stop a run: from the system, or from a test.

use std::collections::VecDeque;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::signal::unix::{self, SignalKind};
use tokio::sync::mpsc;

use crate::clock::Moment;
use crate::report::Signal;

/// Says when a run is asked to stop.
pub trait Signals {
    /// The next request.
    fn poll(&mut self, now: Moment, context: &mut Context<'_>) -> Poll<Signal>;
    /// When the next request will come, if that is known in advance.
    fn due(&self) -> Option<Moment> {
        None
    }
}

/// There are no requests.
impl Signals for () {
    fn poll(&mut self, _: Moment, _: &mut Context<'_>) -> Poll<Signal> {
        Poll::Pending
    }
}

/// Requests that are sent through a channel.
impl Signals for mpsc::UnboundedReceiver<Signal> {
    fn poll(&mut self, _: Moment, context: &mut Context<'_>) -> Poll<Signal> {
        match self.poll_recv(context) {
            Poll::Ready(Some(signal)) => Poll::Ready(signal),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

/// Requests at given times.
#[derive(Clone, Debug, Default)]
pub struct TimedSignals {
    left: VecDeque<(Moment, Signal)>,
}

impl TimedSignals {
    /// Requests at these times after `start`, in order.
    pub fn new(start: Moment, at: impl IntoIterator<Item = (Duration, Signal)>) -> TimedSignals {
        TimedSignals { left: at.into_iter().map(|(after, signal)| (start.after(after), signal)).collect() }
    }
}

impl Signals for TimedSignals {
    fn poll(&mut self, now: Moment, _: &mut Context<'_>) -> Poll<Signal> {
        match self.left.front() {
            Some((at, signal)) if *at <= now => {
                let signal = *signal;
                self.left.pop_front();
                Poll::Ready(signal)
            }
            _ => Poll::Pending,
        }
    }

    fn due(&self) -> Option<Moment> {
        self.left.front().map(|(at, _)| *at)
    }
}

/// Signals of the system. When the terminal closes, that is a request to end.
#[derive(Debug)]
pub struct SystemSignals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hangup: unix::Signal,
}

impl SystemSignals {
    /// Listens from now on. It must be created inside a tokio runtime.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> std::io::Result<SystemSignals> {
        Ok(SystemSignals {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hangup: unix::signal(SignalKind::hangup())?,
        })
    }
}

impl Signals for SystemSignals {
    fn poll(&mut self, _: Moment, context: &mut Context<'_>) -> Poll<Signal> {
        if self.interrupt.poll_recv(context).is_ready() {
            return Poll::Ready(Signal::Sigint);
        }
        if self.terminate.poll_recv(context).is_ready() || self.hangup.poll_recv(context).is_ready() {
            return Poll::Ready(Signal::Sigterm);
        }
        Poll::Pending
    }
}
