//! Employers: PAYE schemes with an HMRC office number, a reference and a name.

use super::draw::{Purpose, SeededRng};
use super::text::Short;

/// One PAYE scheme.
#[derive(Debug, Clone, Copy)]
pub(super) struct Employer {
    /// The HMRC office number: three digits, not 000.
    pub(super) office: Short<3>,
    /// The employer's own part of the reference.
    pub(super) reference: Short<10>,
    /// The name, at most 28 characters.
    pub(super) name: Short<28>,
}

impl Employer {
    /// The reference as a claim gives it, `123/A246`.
    pub(super) fn paye_reference(&self) -> String {
        format!("{}/{}", self.office.as_str(), self.reference.as_str())
    }
}

const FIRST_WORDS: [&str; 40] = [
    "Abbey", "Alder", "Amber", "Arrow", "Ashdown", "Beacon", "Birch", "Bluebell", "Bridge", "Castle", "Cedar", "Chalk",
    "Clover", "Copper", "Crescent", "Dale", "Downs", "Elm", "Falcon", "Fern", "Harbour", "Hazel", "Heron", "Juniper",
    "Kestrel", "Lark", "Linden", "Maple", "Meadow", "Mill", "Oak", "Orchard", "Park", "Quarry", "Ridge", "Rowan",
    "Severn", "Stone", "Willow", "Wren",
];
const TRADES: [&str; 24] = [
    "Bakery",
    "Builders",
    "Cafe",
    "Care",
    "Catering",
    "Cinemas",
    "Cleaning",
    "Couriers",
    "Farms",
    "Foods",
    "Gardens",
    "Hotels",
    "Joinery",
    "Kitchens",
    "Laundry",
    "Leisure",
    "Logistics",
    "Motors",
    "Nurseries",
    "Packing",
    "Print",
    "Retail",
    "Schools",
    "Stores",
];
const ENDINGS: [&str; 5] = ["Ltd", "Limited", "Group", "PLC", "& Co"];

/// All employers of a batch.
#[derive(Debug)]
pub(super) struct Employers {
    all: Vec<Employer>,
    none: Employer,
}

impl Employers {
    /// Employers enough for so many people.
    pub(super) fn new(seed: u64, people: u32) -> Self {
        let count = (people / 20).clamp(400, 40_000);
        let none = Employer { office: Short::new(), reference: Short::new(), name: Short::new() };
        Self { all: (0..count).map(|number| employer(seed, number)).collect(), none }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX)
    }

    /// The employer of that number, under [`Employers::count`].
    pub(super) fn get(&self, number: u32) -> &Employer {
        self.all.get(number as usize).unwrap_or(&self.none)
    }
}

fn employer(seed: u64, number: u32) -> Employer {
    let mut draw = SeededRng::new(seed, Purpose::Employer, u64::from(number));
    let mut office = Short::new();
    office.push_number(u64::from(draw.below(999) + 1), 3);
    // The number is part of the reference, so no two employers share one.
    let mut reference = Short::new();
    for _ in 0..2 {
        reference.push(b"ABCEGHJKLMNPRSTWXYZ".get(draw.below(19) as usize).copied().unwrap_or(b'A'));
    }
    reference.push_number(u64::from(number), 3);
    let mut name = Short::new();
    for word in [draw.pick(&FIRST_WORDS), " ", draw.pick(&TRADES), " ", draw.pick(&ENDINGS)] {
        name.push_text(word);
    }
    Employer { office, reference, name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_unique_and_fit_hmrcs_patterns() {
        let employers = Employers::new(3, 100_000);
        let all: std::collections::BTreeSet<String> =
            (0..employers.count()).map(|number| employers.get(number).paye_reference()).collect();
        assert_eq!(all.len(), employers.count() as usize);
        for number in 0..employers.count() {
            let employer = employers.get(number);
            assert!(employer.office.as_str().len() == 3 && employer.office.as_str() != "000");
            assert!((2..=10).contains(&employer.reference.as_str().len()));
            assert!((1..=28).contains(&employer.name.as_str().len()));
        }
    }
}
