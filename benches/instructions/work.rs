//! What is counted: a program that makes one sort of call.

use ttl_memo_benches::numbers::scramble;
use ttl_memo_benches::peers::{Boxed, Peer, Use, all};

/// Calls in a pass.
pub(crate) const PASS: usize = 1_000;

/// A sort of call, and what makes so many passes of it.
type Work = (&'static str, fn(&dyn Peer, usize) -> Option<()>);

pub(crate) const WORKS: [Work; 5] = [
    ("hit u64", |peer, passes| {
        let keys: Vec<u64> = (0..PASS as u64).map(scramble).collect();
        hits(&peer.number(Use::Hits)?, &keys, passes);
        Some(())
    }),
    ("hit &str", |peer, passes| {
        let keys: Vec<&'static str> = pairs().into_iter().map(|pair| pair.0).collect();
        hits(&peer.text()?, &keys, passes);
        Some(())
    }),
    ("→ String", |peer, passes| {
        hits(&peer.pair()?, &pairs(), passes);
        Some(())
    }),
    ("→ Arc<str>", |peer, passes| {
        hits(&peer.shared_pair()?, &pairs(), passes);
        Some(())
    }),
    ("miss u64", |peer, passes| {
        // Full before the first pass that counts, in short runs and long ones.
        let function = peer.number(Use::Small)?;
        // As many keys are made whatever the number of passes, so that making them is no difference.
        let keys: Vec<u64> = (0..100 * PASS as u64).map(scramble).collect();
        keys.chunks(PASS).take(20 + passes).for_each(|pass| function.calls(pass));
        Some(())
    }),
];

/// A text of 24 bytes and a number each.
fn pairs() -> Vec<(&'static str, u32)> {
    (0..PASS).map(|n| (&*format!("customer/{n:015}").leak(), 7)).collect()
}

fn hits<K: Copy, V>(function: &Boxed<K, V>, keys: &[K], passes: usize) {
    // The first fills, the second grows what grows late.
    (0..2 + passes).for_each(|_| function.calls(keys));
}

/// `PEER WORK PASSES`, as [`super::compare`] calls this program.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let [peer, work, passes] = words else {
        return Err("no arguments: it compares all there is".to_owned());
    };
    let find_peer = all().into_iter().find(|it| it.name() == peer.as_str());
    let find_work = WORKS.into_iter().find(|it| it.0 == work.as_str());
    let (Some(peer), Some((_, work)), Ok(passes)) = (find_peer, find_work, passes.parse()) else {
        return Err(format!("unknown work: {words:?}"));
    };
    work(peer, passes).ok_or_else(|| "not for this one".to_owned())
}
