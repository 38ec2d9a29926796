use super::*;

fn lead(board: &mut Board<char, ()>, hash: u64, key: char) -> Option<FlightId> {
    let id = FlightId::new();
    board.begin_alone(hash, id, &mut Some(key), true).then_some(id)
}

fn with_room() -> Board<char, ()> {
    let mut board = Board::default();
    let id = board.begin(0, 'a', true).id();
    assert!(board.end(0, id).is_some());
    board
}

#[test]
fn a_load_is_alone_where_there_is_no_other_of_its_hash() {
    let mut board = with_room();
    let one = lead(&mut board, 1, 'a').expect("nothing is there");
    assert!(lead(&mut board, 1, 'b').is_none(), "which may be the same key");
    let other = lead(&mut board, 2, 'b').expect("of another hash");
    for (hash, id, key) in [(1, one, 'a'), (2, other, 'b')] {
        let alone = board.alone(hash, id).expect("of its hash");
        assert!(alone.is_first());
        assert_eq!((*board.key_of(alone), board.end_alone(alone)), (key, key));
        assert!(board.end(hash, id).is_none(), "it is off the board");
    }
}

#[test]
fn none_begins_alone_beside_a_crowd() {
    let mut board = with_room();
    let all: Vec<_> = (0..=FEW as u64).map(|hash| board.begin(hash, 'a', true).id()).collect();
    assert!(board.end(0, all[0]).is_some(), "there is room among the few");
    let last = FEW as u64;
    assert!(lead(&mut board, last, 'a').is_none(), "but this one is in the crowd");
    assert!(board.end(last, all[FEW]).is_some());
    assert!(lead(&mut board, last, 'a').is_some(), "now it is not");
}

#[test]
fn what_others_begin_or_invalidate_is_in_the_way() {
    let mut board = with_room();
    let one = lead(&mut board, 1, 'a').expect("nothing is there");
    board.begin_unknown(1, FlightId::new(), 'b', true);
    assert!(board.alone(1, one).is_none(), "another of its hash");
    assert!(board.with_hash(1).all(|aloft| !aloft.first));
    let other = lead(&mut board, 2, 'c').expect("nothing is there");
    board.swept(Step::Mark, Some(&"tag".into()));
    assert!(board.alone(2, other).is_none(), "a tag");
    board.put_all_off();
    assert!(board.alone(2, other).is_none(), "everything");
    assert_eq!((board.with_hash(1).count(), board.with_hash(2).count()), (0, 0));
    assert_eq!(board.end(2, other).map(|aloft| *aloft.key()), Some('c'), "its leader finds it");
}

#[test]
fn a_flight_is_made_of_a_load_once() {
    let mut board = with_room();
    let id = lead(&mut board, 1, 'a').expect("nothing is there");
    let aloft = board.get_mut(1, id).expect("on the board");
    assert!(aloft.share(&mut Vec::new()).is_none(), "there is none");
    let mut vacant = vec![Arc::new(Flight::vacant()), Arc::new(Flight::vacant())];
    let flight = aloft.share(&mut vacant).expect("there is one");
    assert_eq!((flight.id(), *flight.key(), *aloft.key()), (id, 'a', 'a'));
    let again = aloft.share(&mut vacant).expect("it has one");
    assert!(Arc::ptr_eq(&flight, &again));
    assert_eq!(vacant.len(), 1);
    assert!(board.alone(1, id).is_none(), "others know of it");
}

#[test]
fn none_begins_alone_where_room_is_to_be_made() {
    let mut board = Board::default();
    assert!(lead(&mut board, 1, 'a').is_none(), "nothing is allocated under the lock");
    board.few.reserve_exact(2 * FEW);
    for hash in 0..FEW as u64 {
        assert!(lead(&mut board, hash, 'a').is_some());
    }
    assert!(lead(&mut board, FEW as u64, 'a').is_none(), "they are many");
}

#[test]
fn who_begins_later_has_the_higher_number() {
    let mut board = with_room();
    let id = lead(&mut board, 1, 'a').expect("nothing is there");
    let mut ids = vec![(1, id)];
    for hash in 1..20 {
        assert_eq!(board.next(), hash + 1, "one has begun, and was ended, before");
        let id = FlightId::new();
        match hash % 2 {
            0 => board.begin_unknown(hash, id, 'b', true),
            _ => ids.push((hash, board.begin(hash, 'b', true).id())),
        }
        if hash % 2 == 0 {
            ids.push((hash, id));
        }
    }
    let number = |(hash, id)| board.get_mut(hash, id).map(|aloft| aloft.number);
    let numbers: Vec<_> = ids.into_iter().map(number).collect();
    assert_eq!(numbers, (1..=20).map(Some).collect::<Vec<_>>());
}

#[test]
fn the_only_load_of_its_hash_ends_at_once() {
    let mut board = with_room();
    let one = lead(&mut board, 1, 'a').expect("nothing is there");
    let other = lead(&mut board, 2, 'b').expect("nothing is there");
    assert!(board.end_only(1, other).is_none(), "it is of another hash");
    assert_eq!(board.end_only(2, other).map(|aloft| aloft.id()), Some(other));
    assert!(board.end_only(2, other).is_none(), "once");
    board.begin_unknown(1, FlightId::new(), 'b', true);
    assert!(board.end_only(1, one).is_none(), "another of its hash");
    assert_eq!(board.with_hash(1).count(), 2, "and both are still there");
}

#[test]
fn a_load_does_not_end_at_once_where_something_was_invalidated() {
    for tag in [false, true] {
        let mut board = with_room();
        let id = lead(&mut board, 1, 'a').expect("nothing is there");
        if tag {
            board.swept(Step::Mark, Some(&"tag".into()));
        } else {
            board.put_all_off();
        }
        assert!(board.end_only(1, id).is_none());
        assert!(board.end(1, id).is_some(), "it is still there");
    }
}

#[test]
fn what_a_burst_took_is_given_back_when_it_is_over() {
    let mut board: Board<char, ()> = Board::default();
    let many = (FEW + 2 * ROOM) as u64;
    let begin = |hash| (hash, board.begin(hash, 'a', true));
    let all: Vec<_> = (0..many).map(begin).collect();
    let last = all.last().expect("many").clone();
    assert!(board.end_only(0, all[0].1.id()).is_none(), "beside a crowd there may be others");
    for (hash, flight) in &all[..all.len() - 1] {
        assert!(board.end(*hash, flight.id()).is_some());
    }
    assert!(board.crowd.capacity() > ROOM);
    assert!(board.end(last.0, last.1.id()).is_some());
    assert_eq!(board.crowd.capacity(), 0);
    // A small one stays: it is wanted again.
    let all: Vec<_> = (0..=FEW as u64).map(|hash| (hash, board.begin(hash, 'a', true))).collect();
    for (hash, flight) in all {
        assert!(board.end(hash, flight.id()).is_some());
    }
    assert!(board.crowd.capacity() > 0);
}

#[test]
fn a_few_flights_are_kept_empty_for_use_again() {
    let mut board: Board<char, ()> = Board::default();
    let flight = || Arc::new(Flight::new('a'));
    let known = flight();
    let (key, back) = board.recover(Arc::clone(&known));
    assert!(key.is_none() && back.is_some(), "somebody else knows it");
    drop(back);
    let ended = flight();
    ended.end(crate::flight::Ending::Failed);
    let (key, back) = board.recover(ended);
    assert!(key == Some('a') && back.is_some(), "it has an end of its own");
    for kept in 1..=SPARE {
        let (key, back) = board.recover(flight());
        assert!(key == Some('a') && back.is_none());
        assert_eq!(board.spare.len(), kept);
    }
    let (key, back) = board.recover(flight());
    assert!(key == Some('a') && back.is_some(), "they are enough");
    let again = board.begin(1, 'b', true);
    assert_eq!((*again.key(), board.spare.len()), ('b', SPARE - 1));
}

#[test]
fn what_begins_during_a_sweep_stores_nothing_and_is_joined_until_it_is_sealed() {
    let mut board = with_room();
    let early = lead(&mut board, 1, 'a').expect("nothing is there");
    board.swept(Step::Mark, None);
    board.swept(Step::Mark, None);
    assert!(board.is_swept());
    assert!(board.with_hash(1).next().is_none() && board.end(1, early).is_some());
    let meanwhile = [lead(&mut board, 2, 'b').expect("nothing is there"), {
        let id = FlightId::new();
        board.begin_unknown(3, id, 'c', true);
        id
    }];
    for (hash, id) in (2..).zip(meanwhile) {
        assert!(board.with_hash(hash).any(|aloft| aloft.joinable && !aloft.is_sound()));
        assert!(board.alone(hash, id).is_none() && board.end_only(hash, id).is_none());
        assert!(!board.take_up(hash, id, true), "it need not be run");
    }
    board.swept(Step::Seal, None);
    assert_eq!((board.with_hash(2).count(), board.with_hash(3).count()), (0, 0));
    let late = lead(&mut board, 4, 'd').expect("nothing is there");
    assert!(board.with_hash(4).next().is_none() && board.end(4, late).is_some());
    board.swept(Step::Unmark, None);
    assert!(board.is_swept(), "by the other");
    lead(&mut board, 5, 'e').expect("nothing is there");
    assert!(board.with_hash(5).any(|aloft| aloft.joinable && !aloft.is_sound()));
    board.swept(Step::Seal, None);
    board.swept(Step::Unmark, None);
    assert!(!board.is_swept());
    let sound = lead(&mut board, 6, 'f').expect("nothing is there");
    assert!(board.alone(6, sound).is_some());
}

#[test]
fn what_begins_during_a_tags_sweep_is_refused_that_tag() {
    let (mut board, one, other) = (with_room(), "one".into(), "other".into());
    let begin = |board: &mut Board<char, ()>, hash| {
        board.begin_unknown(hash, FlightId::new(), 'a', true);
        let aloft = board.with_hash(hash).next().expect("it is not off");
        let refused = aloft.refused.as_ref().map_or(0, |tags| tags.len());
        (aloft.joinable, aloft.is_sound(), refused)
    };
    board.swept(Step::Mark, Some(&one));
    assert_eq!(begin(&mut board, 1), (true, true, 1));
    board.swept(Step::Mark, Some(&other));
    assert_eq!(begin(&mut board, 2), (true, true, 2));
    board.swept(Step::Seal, Some(&one));
    assert!(board.with_hash(2).all(|aloft| !aloft.joinable));
    assert_eq!(begin(&mut board, 3), (false, true, 2));
    board.swept(Step::Unmark, Some(&one));
    assert_eq!(begin(&mut board, 4), (true, true, 1));
    board.swept(Step::Seal, Some(&other));
    board.swept(Step::Unmark, Some(&other));
    assert_eq!(begin(&mut board, 5), (true, true, 0));
}
