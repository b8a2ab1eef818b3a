//! Where a log begins on a stream: the cursor of the desk against the log as it is.

use baton_protocol::Cursor;
use baton_protocol::stream::{ResyncReason, TAIL};

use crate::log::Head;

/// The first seq to stream, and what does not fit between the cursor and the log.
pub(super) fn begin(cursor: Option<&Cursor>, head: &Head) -> (u64, Option<ResyncReason>) {
    let tail = head.seq.saturating_sub(TAIL) + 1;
    let Some((cursor, highest)) = cursor.and_then(|cursor| Some((cursor, cursor.ranges.highest()?))) else {
        let misfit = cursor.is_some_and(|cursor| cursor.log_id != head.log_id);
        return (tail, misfit.then_some(ResyncReason::OtherLog));
    };
    let reason = if cursor.log_id != head.log_id {
        Some(ResyncReason::OtherLog)
    } else if highest > head.seq {
        Some(ResyncReason::BeyondHead)
    } else if head.chain_at.as_deref() != Some(cursor.chain.as_str()) {
        Some(ResyncReason::OtherChain)
    } else {
        None
    };
    match reason {
        Some(reason) => (tail, Some(reason)),
        None => ((highest + 1).max(tail), None),
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::{LogId, SeqRanges};
    use rstest::rstest;

    use super::*;

    fn head(seq: u64) -> Head {
        Head { log_id: LogId(uuid::Uuid::nil()), seq, chain: "end".into(), chain_at: Some("here".into()) }
    }

    fn cursor(highest: u64, chain: &str) -> Cursor {
        let mut ranges = SeqRanges::new();
        ranges.insert(1, highest);
        Cursor { log_id: LogId(uuid::Uuid::nil()), ranges, chain: chain.to_owned() }
    }

    #[rstest]
    #[case::nothing_yet_short(None, 10, 1, None)]
    #[case::nothing_yet_long(None, 5000, 4001, None)]
    #[case::up_to_date(Some(cursor(10, "here")), 10, 11, None)]
    #[case::a_little_behind(Some(cursor(10, "here")), 40, 11, None)]
    #[case::far_behind_gets_the_tail(Some(cursor(10, "here")), 5000, 4001, None)]
    #[case::beyond(Some(cursor(41, "here")), 40, 1, Some(ResyncReason::BeyondHead))]
    #[case::other_chain(Some(cursor(40, "there")), 40, 1, Some(ResyncReason::OtherChain))]
    #[case::empty_log(None, 0, 1, None)]
    fn a_log_begins_where_the_desk_ends(
        #[case] cursor: Option<Cursor>,
        #[case] seq: u64,
        #[case] from: u64,
        #[case] reason: Option<ResyncReason>,
    ) {
        assert_eq!(begin(cursor.as_ref(), &head(seq)), (from, reason));
    }

    #[test]
    fn another_log_under_the_same_name_is_told() {
        let other = Cursor { log_id: LogId::new(), ..cursor(3, "here") };
        assert_eq!(begin(Some(&other), &head(10)), (1, Some(ResyncReason::OtherLog)));
    }
}
