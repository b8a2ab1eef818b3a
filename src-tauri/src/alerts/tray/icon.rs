//! The icon in the tray: Baton's own, with how many wait drawn on it. Pure.

/// A picture as the tray takes it: width, height, and four bytes per point: alpha, red, green, blue.
pub type Pixmap = (i32, i32, Vec<u8>);

/// Digits, three points wide and five high, a row after the other from the left.
const DIGITS: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];
/// The largest count that fits.
const MOST: u64 = 99;
/// Red, green, blue.
type Colour = [u8; 3];
const WAITS: Colour = [0xc2, 0x2f, 0x22];
const QUIET: Colour = [0x5d, 0x63, 0x6b];
const INK: Colour = [0xff, 0xff, 0xff];

/// A picture without a count.
#[derive(Clone, Debug)]
pub struct Icon {
    width: usize,
    height: usize,
    /// Red, green, blue, alpha.
    rgba: Vec<u8>,
}

impl Icon {
    /// From points as red, green, blue, alpha. Points that are missing are clear.
    pub fn new(width: u32, height: u32, rgba: &[u8]) -> Self {
        let (width, height) = (width as usize, height as usize);
        let mut rgba = rgba.to_vec();
        rgba.resize(width * height * 4, 0);
        Self { width, height, rgba }
    }

    /// With so many who wait, grey while nobody is to be disturbed.
    pub fn with(&self, waiting: u64, is_quiet: bool) -> Pixmap {
        let mut drawn = self.clone();
        if is_quiet {
            drawn.turn_grey();
        }
        if waiting > 0 {
            drawn.draw_count(waiting.min(MOST), if is_quiet { QUIET } else { WAITS });
        }
        let argb = drawn.rgba.chunks_exact(4).flat_map(|point| [point[3], point[0], point[1], point[2]]);
        let side = |points: usize| i32::try_from(points).unwrap_or(0);
        (side(self.width), side(self.height), argb.collect())
    }

    fn turn_grey(&mut self) {
        for point in self.rgba.chunks_exact_mut(4) {
            let sum: u32 = point[..3].iter().map(|part| u32::from(*part)).sum();
            point[..3].fill(u8::try_from(sum / 3).unwrap_or(u8::MAX));
        }
    }

    /// In the lower right corner.
    fn draw_count(&mut self, count: u64, colour: Colour) {
        let digits: Vec<usize> = count.to_string().bytes().map(|digit| usize::from(digit - b'0')).collect();
        let dot = (self.height / 16).max(1);
        let (wide, high) = ((digits.len() * 4 + 3) * dot, 9 * dot);
        let (left, top) = (self.width.saturating_sub(wide), self.height.saturating_sub(high));
        for y in top..self.height {
            for x in left..self.width {
                // Without its corners it looks round.
                let at_side = x == left || x + 1 == self.width;
                if !(at_side && (y == top || y + 1 == self.height)) {
                    self.put(x, y, colour);
                }
            }
        }
        for (place, digit) in digits.into_iter().enumerate() {
            let left = left + (place * 4 + 2) * dot;
            for (row, bits) in DIGITS[digit].iter().enumerate() {
                for column in (0..3).filter(|column| (bits >> (2 - column)) & 1 == 1) {
                    self.fill(left + column * dot, top + (row + 2) * dot, dot, INK);
                }
            }
        }
    }

    fn fill(&mut self, left: usize, top: usize, side: usize, colour: Colour) {
        for y in top..top + side {
            for x in left..left + side {
                self.put(x, y, colour);
            }
        }
    }

    fn put(&mut self, x: usize, y: usize, [red, green, blue]: Colour) {
        if x < self.width
            && let Some(point) = self.rgba.get_mut((y * self.width + x) * 4..(y * self.width + x) * 4 + 4)
        {
            point.copy_from_slice(&[red, green, blue, u8::MAX]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icon() -> Icon {
        Icon::new(32, 32, &[10, 20, 30, 40].repeat(32 * 32))
    }

    fn points_of(pixmap: &Pixmap, [red, green, blue]: Colour) -> usize {
        pixmap.2.chunks_exact(4).filter(|point| **point == [u8::MAX, red, green, blue]).count()
    }

    #[test]
    fn without_a_count_it_is_the_icon_with_its_parts_in_the_trays_order() {
        let (width, height, argb) = icon().with(0, false);
        assert_eq!((width, height, argb.len()), (32, 32, 32 * 32 * 4));
        assert_eq!(argb[..4], [40, 10, 20, 30]);
    }

    #[test]
    fn each_count_is_another_picture_until_it_is_as_large_as_fits() {
        let pictures: Vec<Pixmap> = (0..=MOST).map(|count| icon().with(count, false)).collect();
        for (at, picture) in pictures.iter().enumerate() {
            assert!(!pictures[..at].contains(picture), "{at}");
        }
        assert_eq!(icon().with(100, false), icon().with(MOST, false));
    }

    #[test]
    fn the_count_stands_on_its_own_ground() {
        let pixmap = icon().with(8, false);
        // Thirteen dots of two by two points.
        assert_eq!(points_of(&pixmap, INK), 13 * 4);
        assert!(points_of(&pixmap, WAITS) > 0);
        assert_eq!(points_of(&pixmap, QUIET), 0);
    }

    #[test]
    fn while_nobody_is_to_be_disturbed_it_is_grey_and_counts_all_the_same() {
        let pixmap = icon().with(8, true);
        assert_eq!(pixmap.2[..4], [40, 20, 20, 20]);
        assert_eq!(points_of(&pixmap, WAITS), 0);
        assert!(points_of(&pixmap, QUIET) > 0);
    }

    #[test]
    fn a_picture_that_is_too_small_for_it_does_no_harm() {
        let (width, height, argb) = Icon::new(4, 4, &[]).with(42, false);
        assert_eq!((width, height, argb.len()), (4, 4, 64));
    }
}
