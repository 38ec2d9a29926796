//! The search itself, on histories with a known answer.

use super::search::{Timed, has_order};
use super::sequential::Step::{
    self, Begin, End, Get, Insert, Invalidate, Mark, Seal, Spared, Take, Unmark,
};

/// Steps with their moments.
fn history(steps: &[(Step, u64, u64)]) -> Vec<Timed> {
    steps.iter().map(|&(step, began, ended)| Timed { step, began, ended }).collect()
}

/// Each begins when the last has ended.
fn in_turn(steps: &[Step]) -> Vec<Timed> {
    let at = |(at, step): (usize, &Step)| {
        let began = 2 * u64::try_from(at).unwrap();
        Timed { step: *step, began, ended: began + 1 }
    };
    steps.iter().enumerate().map(at).collect()
}

/// All at the same time.
fn together(steps: &[Step]) -> Vec<Timed> {
    steps.iter().map(|&step| Timed { step, began: 0, ended: 1 }).collect()
}

/// What nobody comes between.
const CLEAR: [Step; 4] = [Mark(7), Take(7), Seal(7), Unmark(7)];

/// One after another.
fn among<T: Clone>(before: &[T], steps: &[T], after: &[T]) -> Vec<T> {
    [before, steps, after].concat()
}

#[test]
fn good_ones_have_an_order() {
    let good = [
        in_turn(&[]),
        in_turn(&[
            Get(None),
            Insert(1),
            Get(Some(1)),
            Invalidate(true),
            Get(None),
            Invalidate(false),
        ]),
        in_turn(&among(&[Begin(1), End(1), Get(Some(1)), Spared(1)], &CLEAR, &[Get(None)])),
        in_turn(&[Begin(1), Get(None), Spared(1), End(1), Spared(1)]),
        in_turn(&[Begin(1), Invalidate(false), Begin(2), End(1), Get(None), End(2), Get(Some(2))]),
        in_turn(&[Begin(1), Insert(2), End(1), Spared(2)]),
        together(&[Get(Some(1)), Insert(1), Get(None), Invalidate(true), Get(Some(2)), Insert(2)]),
        // The answer of a call that had begun before the invalidation did.
        history(&among(
            &[(Insert(1), 0, 1), (Get(Some(1)), 2, 9)],
            &CLEAR.map(|step| (step, 3, 4)),
            &[(Get(None), 5, 6)],
        )),
        // Loaded in the middle of a sweep, joined, and not stored.
        in_turn(&[
            Begin(1),
            Mark(7),
            Begin(2),
            End(1),
            Spared(2),
            End(2),
            Get(None),
            Begin(3),
            Take(7),
            Spared(3),
            Seal(7),
            Begin(4),
            Begin(5),
            Unmark(7),
            Begin(6),
            End(3),
            End(4),
            End(5),
            End(6),
            Get(Some(6)),
        ]),
        // Inserted where a sweep has not been, and taken again.
        in_turn(&among(
            &[Insert(1), Mark(7), Take(7), Insert(2), Get(Some(2))],
            &CLEAR[1..],
            &[Get(None)],
        )),
        // Joined before, answered after.
        history(&among(
            &[(Begin(1), 0, 1), (Spared(1), 2, 9)],
            &CLEAR.map(|step| (step, 3, 4)),
            &[(End(1), 5, 6)],
        )),
        // 40 at the same time that undo each other.
        together(&[Insert(1), Invalidate(true)].repeat(20)),
    ];
    for (at, good) in good.iter().enumerate() {
        assert!(has_order(good), "{at}: {good:?}");
    }
}

#[test]
fn bad_ones_have_none() {
    let bad = [
        // A value from nowhere.
        in_turn(&[Get(Some(1))]),
        together(&[Get(Some(2)), Insert(1)]),
        // Not there, though nothing took it away.
        in_turn(&[Insert(1), Get(None)]),
        in_turn(&[Begin(1), End(1), Get(None)]),
        // There still.
        in_turn(&[Insert(1), Invalidate(true), Get(Some(1))]),
        in_turn(&among(&[Insert(1)], &CLEAR, &[Invalidate(true)])),
        in_turn(&[Insert(1), Insert(2), Get(Some(1))]),
        // One load too many.
        in_turn(&[Begin(1), Begin(2), End(1), End(2)]),
        in_turn(&[Insert(1), Begin(2), End(2)]),
        // Joined, or stored, after an invalidation.
        in_turn(&among(&[Begin(1)], &CLEAR, &[Spared(1), End(1)])),
        in_turn(&among(&[Begin(1)], &CLEAR, &[End(1), Get(Some(1))])),
        in_turn(&among(&[Mark(7), Begin(1)], &CLEAR[1..], &[Spared(1), End(1)])),
        in_turn(&among(&[Mark(7), Begin(1)], &CLEAR[1..], &[End(1), Get(Some(1))])),
        in_turn(&[Begin(1), Insert(2), End(1), Get(Some(1))]),
        // A sweep the wrong way round, that leaves what was being loaded.
        in_turn(&[Begin(1), Take(7), End(1), Mark(7), Get(Some(1))]),
        in_turn(&[Begin(1), Mark(7), Take(7), End(1), Get(Some(1))]),
        // Two readers that saw two writes in two orders.
        history(&[
            (Insert(1), 0, 9),
            (Insert(2), 0, 9),
            (Get(Some(1)), 1, 2),
            (Get(Some(2)), 3, 4),
            (Get(Some(1)), 5, 6),
        ]),
        // Gone before it was put in.
        history(&[(Invalidate(true), 0, 1), (Insert(1), 2, 3)]),
        // One of 12 saw what nobody wrote.
        together(&[[Insert(1), Invalidate(true)].repeat(6), vec![Get(Some(2))]].concat()),
    ];
    for (at, bad) in bad.iter().enumerate() {
        assert!(!has_order(bad), "{at}: {bad:?}");
    }
}
