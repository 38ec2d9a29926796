//! What `cache` and `thread` read from bytes.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::bytes;
use crate::operations::{Ends, How, KEYS, Operation, Setup, Stored};
use crate::reference::Seconds;

/// So many bodies run within each other at most: more than the bodies of a thread's cache are
/// looked for one by one.
const DEEPEST: u8 = 40;

/// A run, as its bytes say; written out when one fails.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) setup: Setup,
    pub(crate) operations: Vec<Operation>,
}

impl<'a> Arbitrary<'a> for Run {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            setup: setup(bytes)?,
            operations: bytes::all(bytes, |bytes| operation(bytes, DEEPEST))?,
        })
    }
}

fn setup(bytes: &mut Unstructured<'_>) -> Result<Setup> {
    let (policy, hashes) = (bytes::policy(bytes)?, bytes::hashes(bytes)?);
    let (maxsize, ttl) = (maxsize(bytes)?, up_to(bytes, 9)?);
    let (kind, span) = (u8::arbitrary(bytes)?, u8::arbitrary(bytes)?);
    let tti = (kind & 3 == 1).then(|| Seconds::from(span % 5) + 1);
    let windows = kind & 3 == 2;
    let window = |span: u8| if windows { (span % 4).into() } else { 0 };
    Ok(Setup {
        policy,
        maxsize,
        ttl: (ttl > 0).then_some(ttl),
        tti,
        window: window(span),
        if_error: window(span / 4),
        hooks: kind & 4 == 4,
        hashes,
        awaited: kind & 8 == 8,
    })
}

fn up_to(bytes: &mut Unstructured<'_>, end: u8) -> Result<Seconds> {
    Ok((u8::arbitrary(bytes)? % end).into())
}

fn maxsize(bytes: &mut Unstructured<'_>) -> Result<Option<usize>> {
    let byte = u8::arbitrary(bytes)?;
    Ok((byte < 230).then_some(usize::from(byte % 12)))
}

fn stored(bytes: &mut Unstructured<'_>) -> Result<Stored> {
    let byte = u8::arbitrary(bytes)?;
    let own = if byte < 216 { None } else { Some(up_to(bytes, 9)?) };
    Ok(Stored { weight: usize::from(byte % 6), own })
}

fn operation(bytes: &mut Unstructured<'_>, depth: u8) -> Result<Operation> {
    let (what, key) = (u8::arbitrary(bytes)?, u8::arbitrary(bytes)? % KEYS);
    let call = |how, ends| Operation::Load(how, key, ends, Vec::new());
    Ok(match what {
        0..32 => Operation::Get(key),
        32..44 => load(key, bytes, depth)?,
        44..50 => Operation::Peek(key),
        50..90 => Operation::Insert(key, stored(bytes)?),
        90..100 => Operation::InsertFor(key, stored(bytes)?, up_to(bytes, 9)?),
        100..140 => call(How::Plainly, Ends::Value(stored(bytes)?)),
        140..155 => call(How::Trying, Ends::Value(stored(bytes)?)),
        155..165 => call(How::Trying, Ends::Error),
        165..167 => call(How::Plainly, Ends::Panic),
        167..180 => Operation::Invalidate(key),
        180..184 => Operation::Retain(key % 3),
        184..187 => Operation::Clear,
        187..194 => Operation::Expire,
        194..197 => Operation::SetTtl((key > 0).then(|| Seconds::from(key) - 1)),
        197..205 => Operation::SetMaxsize(maxsize(bytes)?),
        205..208 => Operation::SwitchOffAndOn,
        208..210 => Operation::SwitchOff,
        210..218 => Operation::SwitchOn,
        218..253 => Operation::Advance(Seconds::from(key % 3) + 1),
        253..255 => Operation::Advance(20),
        255 => Operation::Advance(1 << 25),
    })
}

/// A call of any kind, with some operations in its body.
fn load(key: u8, bytes: &mut Unstructured<'_>, depth: u8) -> Result<Operation> {
    let kind = u8::arbitrary(bytes)?;
    let how = [How::Plainly, How::Trying, How::Anew, How::Plainly][usize::from(kind & 3)];
    let ends = match kind >> 2 & 7 {
        0..6 => Ends::Value(stored(bytes)?),
        6 => Ends::Error,
        _ => Ends::Panic,
    };
    let many = if depth > 0 { kind >> 5 & 3 } else { 0 };
    let inside = (0..many).map(|_| operation(bytes, depth - 1)).collect::<Result<_>>()?;
    Ok(Operation::Load(how, key, ends, inside))
}
