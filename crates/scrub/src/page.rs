//! One page of a b-tree, as SQLite's file format lays it out: header, cell pointers, a gap, cells with free blocks among
//! them. Pure.

use std::ops::Range;

/// Bytes before the header of the first page: the header of the whole file.
const FILE_HEADER: usize = 100;
/// Link and length at the beginning of a free block; SQLite needs them.
const BLOCK_HEADER: usize = 4;

/// Zeroes every byte of a page that belongs to nothing. True when one of them was something else before.
///
/// A page that is no page of a b-tree, or whose parts do not fit together, is left as it is. `is_first` is the page that
/// begins with the file's header.
#[must_use]
pub fn clean(page: &mut [u8], is_first: bool) -> bool {
    let Some(free) = free(page, is_first) else { return false };
    let mut was_dirty = false;
    for range in free {
        let Some(bytes) = page.get_mut(range) else { continue };
        if bytes.iter().any(|byte| *byte != 0) {
            bytes.fill(0);
            was_dirty = true;
        }
    }
    was_dirty
}

/// Whether bytes of a page that belong to nothing are something else than zero.
#[must_use]
pub fn is_dirty(page: &[u8], is_first: bool) -> bool {
    let dirty = |range| page.get(range).is_some_and(|bytes: &[u8]| bytes.iter().any(|byte| *byte != 0));
    free(page, is_first).is_some_and(|free| free.into_iter().any(dirty))
}

/// The bytes that belong to nothing; none when this is no page of a b-tree.
fn free(page: &[u8], is_first: bool) -> Option<Vec<Range<usize>>> {
    let usable = page.len();
    let header = if is_first { FILE_HEADER } else { 0 };
    let pointers = header
        + match page.get(header)? {
            2 | 5 => 12,
            10 | 13 => 8,
            _ => return None,
        };
    let cells = number(page, header + 3)?;
    let gap = pointers + 2 * cells;
    let content = match number(page, header + 5)? {
        0 => 65_536,
        at => at,
    };
    if gap > content || content > usable {
        return None;
    }
    let mut free: Vec<Range<usize>> = std::iter::once(gap..content).collect();
    let (mut at, mut least) = (number(page, header + 1)?, content);
    while at != 0 {
        let (next, len) = (number(page, at)?, number(page, at + 2)?);
        let end = at + len;
        if at < least || len < BLOCK_HEADER || end > usable {
            return None;
        }
        free.push(at + BLOCK_HEADER..end);
        (at, least) = (next, end);
    }
    Some(free)
}

fn number(page: &[u8], at: usize) -> Option<usize> {
    let bytes = page.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A leaf of a table with two cells, old words in its gap, and a free block with old words between the cells.
    fn leaf(is_first: bool) -> Vec<u8> {
        let mut page = vec![b'.'; 512];
        let header = if is_first { 100 } else { 0 };
        page[header..header + 8].copy_from_slice(&[13, 0x01, 0xb0, 0, 2, 0x01, 0x90, 0]);
        page[header + 8..header + 12].copy_from_slice(&[0x01, 0x90, 0x01, 0xd0]);
        page[0x190..0x1b0].fill(b'a');
        page[0x1b0..0x1b4].copy_from_slice(&[0, 0, 0, 0x20]);
        page[0x1d0..].fill(b'b');
        page
    }

    #[test]
    fn gap_and_free_blocks_are_zeroed_and_nothing_else() {
        for is_first in [false, true] {
            let mut page = leaf(is_first);
            let before = page.clone();
            let pointers_end = if is_first { 112 } else { 12 };
            assert!(is_dirty(&page, is_first));
            assert!(clean(&mut page, is_first));
            assert_eq!(page[..pointers_end], before[..pointers_end]);
            assert!(page[pointers_end..0x190].iter().all(|byte| *byte == 0));
            assert_eq!(page[0x190..0x1b4], before[0x190..0x1b4]);
            assert!(page[0x1b4..0x1d0].iter().all(|byte| *byte == 0));
            assert_eq!(page[0x1d0..], before[0x1d0..]);
            assert!(!is_dirty(&page, is_first) && !clean(&mut page, is_first));
        }
    }

    #[test]
    fn what_is_no_page_of_a_tree_or_does_not_fit_stays() {
        let odd = |at: usize, value: u8| {
            let mut page = leaf(false);
            page[at] = value;
            page
        };
        // An overflow page; cells that reach into the content; content past the end; a free block that goes nowhere.
        for page in [odd(0, 0), odd(3, 0x01), odd(5, 0xff), odd(2, 0x10), odd(0x1b3, 0xff), odd(0x1b3, 1)] {
            let mut cleaned = page.clone();
            assert!(!clean(&mut cleaned, false) && !is_dirty(&page, false));
            assert_eq!(cleaned, page);
        }
        assert!(!clean(&mut [], false) && !clean(&mut [13], true));
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(mut page in proptest::collection::vec(any::<u8>(), 0..600), first: bool, kind in 0..4usize) {
            if let Some(byte) = page.get_mut(if first { 100 } else { 0 }) {
                *byte = [2, 5, 10, 13][kind];
            }
            let _ = clean(&mut page, first);
        }
    }
}
