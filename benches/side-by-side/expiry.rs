//! 100,000 entries that expire within a moment, and light use afterwards: who pays, and when is
//! the memory given back?
//!
//! A millisecond passes between the calls that come after, since some crates look at what has
//! expired only so often. A call's time is that of its thread on the processor, so that what else
//! the machine does is no call's fault. All contenders take turns in one thread; what each holds is
//! the sum of what its own calls allocated and freed.

use std::time::Duration;

use ttl_memo_benches::heap::held;
use ttl_memo_benches::machine::thread_time;
use ttl_memo_benches::numbers::{float, scramble};
use ttl_memo_benches::peers::{Boxed, Use, all, ours, ours_lru};
use ttl_memo_benches::report::{Limit, Row, Section};

use crate::effort::Effort;

const LIGHT_CALLS: u64 = 1_000;
/// Light calls are for so many keys.
const KEYS: u64 = 10;

struct Contender {
    name: &'static str,
    function: Boxed<u64, u64>,
    /// What its calls have left on the heap, and what that was when it was full.
    holds: i64,
    full: i64,
    worst: Duration,
    worst_of_bursts: Vec<f64>,
    left_of_bursts: Vec<f64>,
    left_soon: String,
}

pub(crate) fn sections(effort: &Effort) -> Vec<Section> {
    let mut contenders: Vec<Contender> = all()
        .into_iter()
        .filter_map(|peer| Some(Contender::new(peer.name(), peer.number(Use::Brief)?)))
        .collect();
    (0..effort.bursts as u64).for_each(|burst| run(&mut contenders, burst));
    let row = |contender: &Contender, samples: &[f64]| Row::new(contender.name, samples.to_vec());
    let worst = contenders.iter().map(|it| row(it, &it.worst_of_bursts)).collect();
    let left = contenders.iter().map(|it| {
        let note = format!("after 10,000 more: {}", it.left_soon);
        Row { note, ..row(it, &it.left_of_bursts) }
    });
    let left = left.collect();
    let title = "100,000 entries expire at once";
    let goals = |section: Section, most| {
        section.goal(ours(), None, Limit::AtMost(most)).goal(ours_lru(), None, Limit::AtMost(most))
    };
    vec![
        goals(Section::new(format!("{title}: worst later call"), "µs of processor", worst), 200.0)
            .short(),
        goals(
            Section::new(format!("{title}: heap held after 1,000 light calls"), "% of full", left),
            15.0,
        ),
    ]
}

fn run(contenders: &mut [Contender], burst: u64) {
    let first = burst << 32;
    for contender in &mut *contenders {
        contender.worst = Duration::ZERO;
        (first..first + 100_000).for_each(|key| contender.call(scramble(key)));
        contender.full = contender.holds;
        contender.worst = Duration::ZERO;
    }
    std::thread::sleep(Use::Brief.ttl() + Duration::from_millis(20));
    for light in 0..LIGHT_CALLS {
        std::thread::sleep(Duration::from_millis(1));
        let key = scramble(first + (1 << 31) + light % KEYS);
        for contender in &mut *contenders {
            contender.call(key);
        }
    }
    for contender in contenders {
        contender.worst_of_bursts.push(contender.worst.as_secs_f64() * 1e6);
        contender.left_of_bursts.push(contender.left());
        (0..10_000).for_each(|light| contender.call(scramble(first + (1 << 31) + light % KEYS)));
        contender.left_soon = format!("{:.0} %", contender.left());
    }
}

impl Contender {
    fn new(name: &'static str, function: Boxed<u64, u64>) -> Self {
        Self {
            name,
            function,
            holds: 0,
            full: 0,
            worst: Duration::ZERO,
            worst_of_bursts: Vec::new(),
            left_of_bursts: Vec::new(),
            left_soon: String::new(),
        }
    }

    fn call(&mut self, key: u64) {
        let (before, start) = (held(), thread_time());
        self.function.call(key);
        self.worst = self.worst.max(thread_time().saturating_sub(start));
        self.holds += held() - before;
    }

    /// In percent of what it held when it was full.
    fn left(&self) -> f64 {
        let count = |bytes: i64| float(u64::try_from(bytes).unwrap_or(0));
        100.0 * count(self.holds) / count(self.full)
    }
}
