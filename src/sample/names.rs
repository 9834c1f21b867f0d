//! Common names, so that none of them identifies anyone.

/// A name as its owner writes it and as payroll software keeps it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// As on the claim and in the register.
    pub(super) own: &'static str,
    /// As on the payroll, without accents.
    pub(super) payroll: &'static str,
}

const fn plain(name: &'static str) -> Name {
    Name { own: name, payroll: name }
}

const fn accented(own: &'static str, payroll: &'static str) -> Name {
    Name { own, payroll }
}

/// Names whose accents a payroll drops. None of them is in the letters that HMRC's matching compares.
pub(super) const ACCENTED_SURNAMES: [Name; 10] = [
    accented("Fernández", "Fernandez"),
    accented("García", "Garcia"),
    accented("Gonçalves", "Goncalves"),
    accented("Horváth", "Horvath"),
    accented("Jiménez", "Jimenez"),
    accented("Kovács", "Kovacs"),
    accented("Novák", "Novak"),
    accented("Dvořák", "Dvorak"),
    accented("Simões", "Simoes"),
    accented("Rodríguez", "Rodriguez"),
];

/// Forenames with an accent that is not on the first letter.
pub(super) const ACCENTED_FORENAMES: [Name; 8] = [
    accented("André", "Andre"),
    accented("Chloë", "Chloe"),
    accented("José", "Jose"),
    accented("René", "Rene"),
    accented("Renée", "Renee"),
    accented("Seán", "Sean"),
    accented("Siân", "Sian"),
    accented("Zoë", "Zoe"),
];

/// Surnames.
#[rustfmt::skip]
pub(super) const SURNAMES: [Name; 160] = [
    plain("Adams"), plain("Ahmed"), plain("Akhtar"), plain("Ali"), plain("Allen"), plain("Anderson"), plain("Andrews"), plain("Archer"),
    plain("Armstrong"), plain("Atkinson"), plain("Bailey"), plain("Baker"), plain("Ball"), plain("Banks"), plain("Barber"), plain("Barker"),
    plain("Barnes"), plain("Begum"), plain("Bell"), plain("Bennett"), plain("Berry"), plain("Bird"), plain("Booth"), plain("Bradley"),
    plain("Brooks"), plain("Brown"), plain("Burton"), plain("Butler"), plain("Campbell"), plain("Carter"), plain("Chambers"), plain("Chapman"),
    plain("Chen"), plain("Clark"), plain("Clarke"), plain("Cole"), plain("Collins"), plain("Cook"), plain("Cooper"), plain("Cox"),
    plain("Cunningham"), plain("Davies"), plain("Davis"), plain("Dawson"), plain("Dean"), plain("Dixon"), plain("Edwards"), plain("Elliott"),
    plain("Ellis"), plain("Evans"), plain("Fisher"), plain("Fletcher"), plain("Ford"), plain("Foster"), plain("Fox"), plain("Francis"),
    plain("Gardner"), plain("George"), plain("Gibson"), plain("Gill"), plain("Gordon"), plain("Graham"), plain("Grant"), plain("Gray"),
    plain("Green"), plain("Griffiths"), plain("Hall"), plain("Hamilton"), plain("Harper"), plain("Harris"), plain("Harrison"), plain("Hart"),
    plain("Harvey"), plain("Hill"), plain("Holmes"), plain("Hopkins"), plain("Howard"), plain("Hudson"), plain("Hughes"), plain("Hunt"),
    plain("Hussain"), plain("Jackson"), plain("James"), plain("Jenkins"), plain("Johnson"), plain("Jones"), plain("Jordan"), plain("Kaur"),
    plain("Kelly"), plain("Kennedy"), plain("Khan"), plain("King"), plain("Knight"), plain("Kumar"), plain("Lawrence"), plain("Lee"),
    plain("Lewis"), plain("Lloyd"), plain("Marshall"), plain("Martin"), plain("Mason"), plain("Matthews"), plain("McDonald"), plain("Mills"),
    plain("Mitchell"), plain("Moore"), plain("Morgan"), plain("Morris"), plain("Murphy"), plain("Murray"), plain("Newman"), plain("Nguyen"),
    plain("Nicholson"), plain("O'Brien"), plain("O'Connor"), plain("Okafor"), plain("Owen"), plain("Palmer"), plain("Parker"), plain("Patel"),
    plain("Pearce"), plain("Perry"), plain("Phillips"), plain("Powell"), plain("Price"), plain("Reid"), plain("Reynolds"), plain("Richards"),
    plain("Roberts"), plain("Robinson"), plain("Rogers"), plain("Rose"), plain("Russell"), plain("Ryan"), plain("Saunders"), plain("Scott"),
    plain("Shah"), plain("Shaw"), plain("Simpson"), plain("Singh"), plain("Smith"), plain("Smith-Jones"), plain("Spencer"), plain("Stevens"),
    plain("Stone"), plain("Taylor"), plain("Thomas"), plain("Thompson"), plain("Turner"), plain("Walker"), plain("Walsh"), plain("Ward"),
    plain("Watson"), plain("Webb"), plain("Wells"), plain("White"), plain("Wilson"), plain("Wood"), plain("Wright"), plain("Young"),
];

/// Forenames of women.
#[rustfmt::skip]
pub(super) const WOMEN: [Name; 64] = [
    plain("Aisha"), plain("Alice"), plain("Amanda"), plain("Amelia"), plain("Amy"), plain("Angela"), plain("Anna"), plain("Beth"),
    plain("Caroline"), plain("Catherine"), plain("Charlotte"), plain("Claire"), plain("Daisy"), plain("Deborah"), plain("Donna"), plain("Eleanor"),
    plain("Elizabeth"), plain("Ellie"), plain("Emily"), plain("Emma"), plain("Fatima"), plain("Fiona"), plain("Gemma"), plain("Grace"),
    plain("Hannah"), plain("Heather"), plain("Helen"), plain("Holly"), plain("Jane"), plain("Jennifer"), plain("Jessica"), plain("Joanne"),
    plain("Julie"), plain("Karen"), plain("Katie"), plain("Kelly"), plain("Laura"), plain("Leah"), plain("Linda"), plain("Lisa"),
    plain("Louise"), plain("Lucy"), plain("Maria"), plain("Mary-Ann"), plain("Megan"), plain("Michelle"), plain("Molly"), plain("Natalie"),
    plain("Nicola"), plain("Olivia"), plain("Paula"), plain("Priya"), plain("Rachel"), plain("Rebecca"), plain("Ruth"), plain("Samantha"),
    plain("Sarah"), plain("Sophie"), plain("Susan"), plain("Tracey"), plain("Vanessa"), plain("Victoria"), plain("Wendy"), plain("Yasmin"),
];

/// Forenames of men.
#[rustfmt::skip]
pub(super) const MEN: [Name; 64] = [
    plain("Aaron"), plain("Adam"), plain("Adrian"), plain("Alan"), plain("Alex"), plain("Andrew"), plain("Anthony"), plain("Arjun"),
    plain("Ben"), plain("Brian"), plain("Callum"), plain("Charlie"), plain("Chris"), plain("Colin"), plain("Connor"), plain("Craig"),
    plain("Daniel"), plain("Darren"), plain("David"), plain("Dean"), plain("Derek"), plain("Edward"), plain("Gareth"), plain("Gary"),
    plain("George"), plain("Graham"), plain("Harry"), plain("Ian"), plain("Ibrahim"), plain("Jack"), plain("Jake"), plain("James"),
    plain("Jason"), plain("John"), plain("Jonathan"), plain("Joseph"), plain("Joshua"), plain("Keith"), plain("Kevin"), plain("Kieran"),
    plain("Lee"), plain("Liam"), plain("Luke"), plain("Mark"), plain("Martin"), plain("Matthew"), plain("Michael"), plain("Mohammed"),
    plain("Nathan"), plain("Neil"), plain("Nicholas"), plain("Oliver"), plain("Patrick"), plain("Paul"), plain("Peter"), plain("Philip"),
    plain("Richard"), plain("Robert"), plain("Ryan"), plain("Sam"), plain("Simon"), plain("Stephen"), plain("Thomas"), plain("William"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn fits_payroll(name: &str) -> bool {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.len() <= 35
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || b" '-".contains(&byte))
    }

    #[test]
    fn every_payroll_name_fits_hmrcs_pattern() {
        let all = [&SURNAMES[..], &WOMEN[..], &MEN[..], &ACCENTED_SURNAMES[..], &ACCENTED_FORENAMES[..]].concat();
        assert!(all.iter().all(|name| fits_payroll(name.payroll)));
    }

    #[test]
    fn dropping_an_accent_never_changes_what_is_compared() {
        for name in ACCENTED_SURNAMES {
            assert_eq!(name.own.chars().take(3).collect::<String>(), name.payroll[..3]);
        }
        for name in ACCENTED_FORENAMES {
            assert_eq!(name.own.chars().next(), name.payroll.chars().next());
        }
    }
}
