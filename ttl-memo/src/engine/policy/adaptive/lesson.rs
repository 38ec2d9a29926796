//! What became of entries with a past like this one's.
//!
//! For each class and age band the cache counts lives that ended there in a use (`hits`) and lives
//! lost sight of there, when a ghost was pushed out (`ends`). A *lesson* turns the counts into the
//! *index*, the worth of an entry of that class and age. It is held every quarter turn or so, and in
//! small steps, one or two a miss, so that no miss is slow.
//!
//! The worth is a Gittins index. Let `q` be the chance of a use within a band for those that lived
//! to see it. Holding an entry on for some bands brings a number of uses `n` and takes a time `d`;
//! its worth is the most that `n / d` comes to over all moments to give up waiting. Going from the
//! last band back, the best moment for a band is found by joining it with the stretch after it for
//! as long as that is the denser: each join is final, so all bands together take linear time.

use super::super::Residents;
use super::super::rng::Rng;
use super::Marks;
use super::ghosts::Ghosts;
use super::word::{AGES, CLASSES, GAPS, LEVELS, Word, band, level_of, now, start};
use core::ops::Range;
use core::sync::atomic::Ordering::Relaxed;

/// The worth of an entry, the upper half of an `f32`, by [`Word::place`]. That of the class which
/// `EMPTY` seems to be of is beyond all others.
pub(super) type Index = [u16; 32 * 32];

type Row = [f32; AGES];
type Table = [Row; CLASSES];

/// Steps that gather counts and samples, a few classes and samples each; one that looks at all
/// classes; one for each class.
const GATHER: usize = 8;
const STEPS: usize = GATHER + 1 + CLASSES;
/// Residents, and ghosts, sampled for a lesson.
const SAMPLES: u32 = 32;
/// A lesson is held after so many misses at least.
const SHORTEST: usize = 256;
/// There are fewer ghosts than entries by one in so many, and the least that there are.
const FEWER: usize = 16;
const FEWEST_GHOSTS: usize = 1024;
/// Turns of misses after which a count has faded to 1/e; those of class 0 fade sooner, as what
/// passes through once comes in phases.
const MEMORY: f32 = 16.0;
const MEMORY_OF_NEW: f32 = 4.0;
/// How many lives' worth of evidence the prior is.
const PRIOR: f32 = 8.0;
const OVERALL: f32 = 16.0;
/// A class of fewer lives is as good as unknown; of so few it is not even gone through.
const LITTLE: f32 = 0.25;
const FORGOTTEN: f32 = 0.001;

/// The widths of the bands, in turns.
const WIDTHS: Row = {
    let mut widths = [0.0; AGES];
    let mut band = 0;
    while band < AGES {
        widths[band] = start(band + 1) - start(band);
        band += 1;
    }
    widths
};

/// Where a life that goes on has been counted.
#[derive(Clone, Copy, Debug)]
struct Sampled {
    class: u8,
    band: u8,
}

/// Whose lives are sampled.
#[derive(Clone, Copy, Debug)]
enum Whose {
    Residents,
    Ghosts,
}

#[derive(Clone, Debug)]
pub(super) struct Lesson {
    pub(super) index: Index,
    hits: Table,
    ends: Table,
    /// Lives still going on, which lived to see their present age: those sampled. For the length of
    /// a lesson each stands among the `ends` for so many.
    sampled: [Option<Sampled>; 2 * SAMPLES as usize],
    each: [f32; 2],
    /// A bit for each class of which anything was counted: the others' rows above are zero.
    known: u32,
    /// The chance of a use in each band, over all classes.
    overall: Row,
    /// The last class of each level that had next to no data, and shares its row with others.
    stand_in: [Option<u8>; LEVELS + 1],
    pub(super) ghosts: Ghosts,
    step: usize,
    /// Steps a miss.
    stride: usize,
    /// Misses in the time that this lesson looks back on, and uses seen in it.
    misses: f32,
    uses: f32,
    /// Faded sums of the same.
    all_misses: f32,
    all_uses: f32,
    /// Turns since the beginning.
    turns: f32,
    uses_a_miss: f32,
    /// A proven entry's least chance of a use in a turn.
    floor: f32,
    /// Entries when full.
    room: usize,
    /// One key in so many is spied.
    one_in: u32,
}

impl Lesson {
    pub(super) fn new(room: usize, marks: &Marks) -> Self {
        let mut lesson = Self {
            index: [0; 32 * 32],
            hits: [[0.0; AGES]; CLASSES],
            ends: [[0.0; AGES]; CLASSES],
            sampled: [None; 2 * SAMPLES as usize],
            each: [0.0; 2],
            known: 0,
            overall: [0.0; AGES],
            stand_in: [None; LEVELS + 1],
            ghosts: Ghosts::default(),
            step: STEPS,
            stride: STEPS,
            misses: 0.0,
            uses: 0.0,
            all_misses: 0.0,
            all_uses: 0.0,
            turns: 0.0,
            uses_a_miss: 1.0,
            floor: 0.0,
            room,
            one_in: 1,
        };
        lesson.index[32 * CLASSES..].fill(u16::MAX);
        lesson.fit(marks);
        lesson
    }

    /// Whether the last lesson is over.
    pub(super) fn idle(&self) -> bool {
        self.step == STEPS
    }

    /// After how many misses another lesson is worth holding, given those so far: in the beginning
    /// each third more.
    pub(super) fn due(&self, misses: u64) -> u32 {
        let settled = (self.room / 4).max(SHORTEST) as u64;
        u32::try_from(settled.min(misses / 3).max(1)).unwrap_or(u32::MAX)
    }

    /// Accesses a miss: the misses themselves, and the hits that were not the entry's first in an
    /// epoch apart, all uses.
    pub(super) fn uses_a_miss(&self) -> f32 {
        self.uses_a_miss
    }

    /// Begins a lesson about the last `since` of all `misses`.
    pub(super) fn begin(&mut self, since: u32, misses: u64, room: usize) {
        self.misses = since as f32;
        self.room = room;
        self.stand_in = [None; LEVELS + 1];
        self.step = 0;
        // Over before half of the time to the next one.
        self.stride = (2 * STEPS).div_ceil(self.due(misses) as usize);
    }

    /// A miss's share of the lesson.
    pub(super) fn go_on(
        &mut self,
        residents: &impl Residents,
        marks: &Marks,
        rng: &mut Rng,
        epoch: u32,
    ) {
        for _ in 0..self.stride.min(STEPS - self.step) {
            match self.step {
                step if step < GATHER => self.gather(step, residents, marks, rng, epoch),
                GATHER => self.survey(marks),
                step => self.teach(step - GATHER - 1),
            }
            self.step += 1;
        }
        if self.idle() {
            self.uncount();
        }
    }

    /// Fits the ghosts and the sample of keys to the size of the cache.
    fn fit(&mut self, marks: &Marks) {
        let wanted = (self.room - self.room / FEWER).max(FEWEST_GHOSTS);
        if wanted / 2 > self.ghosts.room() || wanted < self.ghosts.room() / 2 {
            self.ghosts = Ghosts::new(wanted);
        }
        self.one_in = (self.room / 256).next_power_of_two().clamp(1, 16) as u32;
        marks.spy(self.one_in);
    }

    fn spied(&self, fingerprint: u32) -> bool {
        fingerprint & (self.one_in - 1) == 0
    }

    /// A key came: its word, if it was here before.
    #[inline]
    pub(super) fn welcome(&mut self, hash: u32, epoch: u32) -> Option<Word> {
        let ghost = self.ghosts.take(hash)?;
        let age = ghost.age(epoch);
        if self.spied(ghost.fingerprint()) {
            let class = ghost.class() % CLASSES;
            self.hits[class][band(age)] += self.one_in as f32;
            self.known |= 1 << class;
        }
        Some(Word::returning(ghost.class() % CLASSES, age, now(epoch)))
    }

    /// An entry went, and its ghost stays.
    #[inline]
    pub(super) fn bury(&mut self, hash: u32, word: Word, epoch: u32) {
        if let Some(lost) = self.ghosts.push(hash, word, now(epoch), epoch) {
            if self.spied(lost.fingerprint()) {
                let class = lost.class() % CLASSES;
                self.ends[class][band(lost.age(epoch))] += self.one_in as f32;
                self.known |= 1 << class;
            }
        }
    }

    /// First counts, then samples: none of these fades.
    fn gather(
        &mut self,
        step: usize,
        residents: &impl Residents,
        marks: &Marks,
        rng: &mut Rng,
        epoch: u32,
    ) {
        const HALF: usize = GATHER / 2;
        let Some(step) = step.checked_sub(HALF) else {
            let share = CLASSES.div_ceil(HALF);
            for class in (0..CLASSES).skip(step * share).take(share) {
                self.collect(class, marks);
            }
            return;
        };
        let share = SAMPLES / HALF as u32;
        let samples = step as u32 * share..(step as u32 + 1) * share;
        self.sample_residents(samples.clone(), residents, rng, epoch);
        self.sample_ghosts(samples, rng, epoch);
    }

    /// Adds the readers' counts of a class, and lets all of it fade.
    fn collect(&mut self, class: usize, marks: &Marks) {
        let taken = marks.take(class);
        if let Some(taken) = taken {
            for (hits, taken) in self.hits[class].iter_mut().zip(taken) {
                let uses = f32::from(taken) * self.one_in as f32;
                self.uses += uses;
                *hits += uses;
            }
            self.known |= 1 << class;
        }
        if self.knows(class) {
            let memory = if class == 0 { MEMORY_OF_NEW } else { MEMORY };
            let fade = (-self.misses / (self.room as f32 * memory)).exp();
            self.hits[class].iter_mut().for_each(|hits| *hits *= fade);
            self.ends[class].iter_mut().for_each(|ends| *ends *= fade);
        }
    }

    fn sample_residents(
        &mut self,
        samples: Range<u32>,
        residents: &impl Residents,
        rng: &mut Rng,
        epoch: u32,
    ) {
        let slots = residents.slots();
        if samples.start == 0 {
            self.each[Whose::Residents as usize] = slots as f32 / SAMPLES.min(slots).max(1) as f32;
        }
        for at in samples {
            let slot = if slots <= SAMPLES { at } else { rng.below(slots) };
            if slot < slots {
                let word = Word(residents.word(slot).load(Relaxed));
                if !word.is_empty() {
                    self.count(at, Whose::Residents, word.class(), word.age(now(epoch)));
                }
            }
        }
    }

    fn sample_ghosts(&mut self, samples: Range<u32>, rng: &mut Rng, epoch: u32) {
        let room = self.ghosts.room();
        if samples.start == 0 {
            self.each[Whose::Ghosts as usize] = room as f32 / SAMPLES as f32;
        }
        for at in samples {
            if let Some(ghost) = self.ghosts.at(rng.below(room as u32) as usize) {
                self.count(at, Whose::Ghosts, ghost.class(), ghost.age(epoch));
            }
        }
    }

    /// Counts a life that goes on.
    fn count(&mut self, at: u32, whose: Whose, class: usize, age: u32) {
        let (class, band) = (class % CLASSES, band(age));
        self.ends[class][band] += self.each[whose as usize];
        self.known |= 1 << class;
        let sampled = Sampled { class: class as u8, band: band as u8 };
        self.sampled[(SAMPLES * whose as u32 + at) as usize] = Some(sampled);
    }

    /// The lives that go on are no ends.
    fn uncount(&mut self) {
        for (at, sampled) in self.sampled.iter_mut().enumerate() {
            if let Some(Sampled { class, band }) = sampled.take() {
                let count = &mut self.ends[usize::from(class)][usize::from(band)];
                *count = (*count - self.each[at / SAMPLES as usize]).max(0.0);
            }
        }
    }

    /// What all classes have in common.
    fn survey(&mut self, marks: &Marks) {
        let (misses, uses, room) = (self.misses, self.uses, self.room as f32);
        let rate = 1.0 + uses / misses.max(1.0);
        // The very first lesson has seen no uses: readers begin to count with it.
        let first = self.turns == 0.0;
        self.uses_a_miss = if first { rate } else { 0.5 * (self.uses_a_miss + rate) };
        self.turns += (uses + misses) / room;
        let fade = (-misses / (room * MEMORY)).exp();
        self.all_misses = (self.all_misses + misses) * fade;
        self.all_uses = (self.all_uses + uses) * fade;
        self.uses = 0.0;
        // What has proven itself is kept through phases in which nothing of its kind is used,
        // all the more while little is known.
        let ratio = self.all_uses / (self.all_uses + self.all_misses).max(1.0);
        self.floor = ratio * (0.15 + (-self.turns / 10.0).exp());
        self.fit(marks);

        let (mut hits, mut others) = ([0.0; AGES], [0.0; AGES]);
        for class in (0..CLASSES).filter(|&class| self.knows(class)) {
            for band in 0..AGES {
                hits[band] += self.hits[class][band];
                others[band] += self.ends[class][band];
            }
        }
        let mut after = 0.0;
        for band in (0..AGES).rev() {
            let prior = PRIOR * (0.5 * WIDTHS[band]).min(0.5);
            let alive = after + 0.5 * others[band] + hits[band];
            self.overall[band] = ((hits[band] + prior) / (alive + PRIOR)).min(0.99);
            after += hits[band] + others[band];
        }
    }

    /// Learns the worth of a class's entries.
    fn teach(&mut self, class: usize) {
        let level = level_of(class);
        let alive = self.lived_to_see(class);
        if alive.is_none() {
            // Next to nothing known: as any other class of this level of which nothing is.
            if let Some(other) = self.stand_in[level] {
                let from = 32 * usize::from(other);
                self.index.copy_within(from..from + AGES, 32 * class);
                return;
            }
            self.stand_in[level] = Some(class as u8);
        }
        let (alive, hits) = (alive.unwrap_or([0.0; AGES]), self.hits[class]);
        let floor = if class == 0 {
            0.0
        } else {
            self.floor * 1.5_f32.powi((class as i32 - 1) / GAPS as i32)
        };
        let chances: Row = core::array::from_fn(|b| {
            let chance = (hits[b] + OVERALL * self.overall[b]) / (alive[b] + OVERALL);
            chance.max((floor * WIDTHS[b]).min(0.5))
        });
        let row = &mut self.index[32 * class..][..AGES];
        row.copy_from_slice(&densities(&chances));
    }

    /// Lives that lasted into each band: those who were used in it or later, or lost sight of
    /// later, and half of those lost in it. None if they are next to none at all.
    fn lived_to_see(&mut self, class: usize) -> Option<Row> {
        if !self.knows(class) {
            return None;
        }
        let hits = &self.hits[class];
        let others = &self.ends[class];
        let mut alive = [0.0; AGES];
        let mut after = 0.0;
        for band in (0..AGES).rev() {
            alive[band] = after + 0.5 * others[band] + hits[band];
            after += hits[band] + others[band];
        }
        if after < FORGOTTEN {
            (self.hits[class], self.ends[class]) = ([0.0; AGES], [0.0; AGES]);
            self.known &= !(1 << class);
        }
        (after >= LITTLE).then_some(alive)
    }

    fn knows(&self, class: usize) -> bool {
        self.known >> class & 1 != 0
    }
}

/// A stretch of bands after which to give up: uses until then, time until then, and the chance to
/// get there without a use.
#[derive(Clone, Copy)]
struct Stretch {
    uses: f32,
    time: f32,
    survives: f32,
}

/// The most uses by time from each band on, given the chances of a use in each.
fn densities(chances: &Row) -> [u16; AGES] {
    let mut worth = [0; AGES];
    let mut later = [Stretch { uses: 0.0, time: 0.0, survives: 0.0 }; AGES];
    let mut count = 0;
    for band in (0..AGES).rev() {
        let (chance, width) = (chances[band], WIDTHS[band]);
        // Those used in the band leave it half-way.
        let mut here =
            Stretch { uses: chance, time: width * (1.0 - 0.5 * chance), survives: 1.0 - chance };
        while count > 0 {
            let next = later[count - 1];
            if next.uses * here.time <= here.uses * next.time {
                break;
            }
            here.uses += here.survives * next.uses;
            here.time += here.survives * next.time;
            here.survives *= next.survives;
            count -= 1;
        }
        later[count] = here;
        count += 1;
        worth[band] = ((here.uses / here.time).to_bits() >> 16) as u16;
    }
    worth
}
