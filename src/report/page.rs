//! The page itself: what was read and decided, by whom and why, what to do next, and every claim.

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

use super::MOST_LISTED;
use super::gather::{Gathered, Provider};
use crate::domain::money::grouped;
use crate::judge::Verdict;
use crate::publish::account::Account;
use crate::publish::html::{self, escaped, table};
use crate::publish::tables::SetAside;
use crate::rules::{Code, rule};
use crate::story::DayShown;

/// The script of the list of claims.
const LIST: &str = include_str!("list.js");

/// The most quarantined rows that are listed.
const MOST_SET_ASIDE: usize = 200;

/// How many of a provider's reasons are told beside its verdicts.
const REASONS_TOLD: usize = 3;

/// The page of a run, in pieces: the list of claims is large, and is not copied together. The account need not be sealed
/// yet.
pub(crate) fn page(account: &Account, set_aside: &[SetAside<'_>], gathered: Gathered) -> Vec<String> {
    let title = format!("{}: claims decided", account.scheme.title);
    let lists_claims = 0 < gathered.count && gathered.count <= MOST_LISTED;
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(LIST));
    let mut pieces = vec![
        html::opening(&title, lists_claims.then(|| format!("sha256-{digest}")).as_deref()),
        first(account, &title),
        read(account),
        reasons(account, &gathered),
        providers(&gathered),
        next(account),
        money(account),
        quarantined(set_aside),
        assumptions(account),
    ];
    if lists_claims {
        pieces.extend(claims(gathered.claims));
    } else {
        pieces.push(too_many(gathered.count));
    }
    pieces.extend([files(account), html::CLOSING.to_owned()]);
    pieces
}

fn first(account: &Account, title: &str) -> String {
    let claims = &account.claims;
    let cut_off = account
        .cut_off
        .date
        .as_ref()
        .map_or_else(|| "The extract holds no payment.".to_owned(), |day| format!("The extract speaks up to {day}."));
    let rows: Vec<Vec<String>> = [
        (Verdict::Validated, claims.validated, "the evidence shows the outcome, and nothing speaks against the claim"),
        (Verdict::Rejected, claims.rejected, "the evidence contradicts the claim, or it cannot be processed"),
        (Verdict::Queried, claims.queried, "a person must look, or a later extract can settle it"),
    ]
    .into_iter()
    .map(|(verdict, count, means)| vec![marked(verdict), number(count), share(count, claims.read), means.to_owned()])
    .chain([vec!["all".into(), number(claims.read), share(claims.read, claims.read), String::new()]])
    .collect();
    format!(
        "<h1>{}</h1>\n<p>Scheme {} ({}). {cut_off} Every claim of the file is in exactly one of the three verdicts, \
         and <a href=\"#claims\">every claim</a> is at the end of this page.</p>\n{}",
        escaped(title),
        escaped(&account.scheme.id),
        escaped(&account.scheme.status),
        table("Claims by verdict", &["Verdict", "Claims", "Share", "What it means"], &[1, 2], &rows)
    )
}

fn read(account: &Account) -> String {
    let rows: Vec<Vec<String>> = account
        .inputs
        .iter()
        .map(|input| {
            vec![
                escaped(&input.name),
                input.role.clone(),
                number(input.rows),
                number(input.rows.saturating_sub(input.quarantined)),
                number(input.quarantined),
            ]
        })
        .collect();
    let earnings = &account.earnings;
    let parts: Vec<Vec<String>> = [
        ("payments of people claimed for", earnings.of_claimed_people),
        ("payments of people nobody claims for", earnings.of_other_people),
        ("rows without a usable National Insurance number", earnings.without_person),
        ("rows that could not be read", earnings.quarantined),
        ("all", earnings.read),
    ]
    .into_iter()
    .map(|(what, count)| vec![what.to_owned(), number(count), share(count, earnings.read)])
    .collect();
    format!(
        "<h2>What was read</h2>\n{}{}",
        table("Files", &["File", "Read as", "Rows", "Readable", "Set aside"], &[2, 3, 4], &rows),
        table("Earnings rows", &["What they are", "Rows", "Share"], &[1, 2], &parts)
    )
}

fn reasons(account: &Account, gathered: &Gathered) -> String {
    let mut fired: Vec<_> = account.rules.iter().filter(|rule| 0 < rule.failed).collect();
    fired.sort_by(|one, other| other.failed.cmp(&one.failed).then_with(|| one.code.cmp(&other.code)));
    let rows: Vec<Vec<String>> = fired
        .iter()
        .map(|counts| {
            let weights = Code::parse(&counts.code).and_then(|code| gathered.weights.get(&code));
            let severities: Vec<&str> = weights.into_iter().flatten().map(|severity| severity.name()).collect();
            vec![
                counts.code.clone(),
                severities.join(" or "),
                escaped(&counts.title),
                number(counts.failed),
                share(counts.failed, account.claims.read),
            ]
        })
        .collect();
    let heads = ["Rule", "Weighs", "What it means", "Claims", "Share of all claims"];
    let says = "A claim can fail several rules. <code>sustain rules CODE</code> explains one.";
    format!(
        "<h2>Why claims were not validated</h2>\n<p>{says}</p>\n{}",
        table("Rules that fired", &heads, &[3, 4], &rows)
    )
}

fn providers(gathered: &Gathered) -> String {
    let count = |provider: &Provider, verdict| provider.verdicts.get(&verdict).copied().unwrap_or(0);
    let mut rows: Vec<(u64, Vec<String>)> = gathered
        .providers
        .iter()
        .map(|((id, contract), provider)| {
            let all: u64 = provider.verdicts.values().sum();
            let validated = count(provider, Verdict::Validated);
            let row = vec![
                named(id),
                named(contract),
                number(all),
                number(validated),
                number(count(provider, Verdict::Rejected)),
                number(count(provider, Verdict::Queried)),
                share(all - validated, all),
                told(provider),
            ];
            (all - validated, row)
        })
        .collect();
    // The one with most claims in trouble first; the rest of the order is that of the names.
    rows.sort_by_key(|(trouble, _)| std::cmp::Reverse(*trouble));
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    let heads =
        ["Provider", "Contract", "Claims", "Validated", "Rejected", "Queried", "Not validated", "Mostly because of"];
    let caption = "Providers and contracts, most claims not validated first";
    format!("<h2>By provider and contract</h2>\n{}", table(caption, &heads, &[2, 3, 4, 5, 6], &rows))
}

/// A provider's most frequent reasons.
fn told(provider: &Provider) -> String {
    let mut reasons: Vec<_> = provider.reasons.iter().collect();
    reasons.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), **code));
    let says = |(code, count): &(&Code, &u64)| {
        let title = rule(**code).map_or("", |rule| rule.title);
        format!("{code} {} ({count})", escaped(title))
    };
    reasons.iter().take(REASONS_TOLD).map(says).collect::<Vec<_>>().join("; ")
}

fn next(account: &Account) -> String {
    let queried = account.claims.queried;
    let dated: u64 = account.recheck.values().sum();
    let mut rows: Vec<Vec<String>> =
        account.recheck.iter().map(|(day, count)| vec![day.clone(), number(*count), share(*count, queried)]).collect();
    let people = queried.saturating_sub(dated);
    if 0 < people {
        rows.push(vec!["for a person to look at".into(), number(people), share(people, queried)]);
    }
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<h2>When queried claims can be decided</h2>\n<p>Run again with an extract that speaks up to the day or later.</p>\n{}",
        table("Queried claims by the day to look again", &["Day", "Claims", "Share of queried"], &[1, 2], &rows)
    )
}

fn money(account: &Account) -> String {
    let money = &account.money;
    let payable = |priced: u64, validated: u64, amount: &str| match (priced, validated) {
        (0, 1..) => "no price is known".to_owned(),
        _ => pounds(amount),
    };
    let mut rows: Vec<Vec<String>> = money
        .by_contract
        .iter()
        .map(|one| {
            vec![
                named(&one.provider_id),
                named(&one.contract_id),
                number(one.claims),
                pounds(&one.claimed),
                number(one.validated),
                pounds(&one.claimed_validated),
                payable(one.priced, one.validated, &one.payable),
            ]
        })
        .collect();
    rows.push(vec![
        "all".into(),
        String::new(),
        number(account.claims.read),
        pounds(&money.claimed),
        number(account.claims.validated),
        pounds(&money.claimed_validated),
        payable(money.priced, account.claims.validated, &money.payable),
    ]);
    let heads = [
        "Provider",
        "Contract",
        "Claims",
        "Claimed",
        "Validated",
        "Claimed by those",
        "Payable by the scheme's prices",
    ];
    let says = "Amounts are those that could be read: rows set aside and cells that are no amount are in none of the sums. A \
                validated claim without an amount is payable at the scheme's price all the same.";
    format!("<h2>Money</h2>\n<p>{says}</p>\n{}", table("Money claimed and payable", &heads, &[2, 3, 4, 5, 6], &rows))
}

fn quarantined(set_aside: &[SetAside<'_>]) -> String {
    if set_aside.is_empty() {
        return "<h2>Rows that could not be read</h2>\n<p>There are none.</p>\n".into();
    }
    let rows: Vec<Vec<String>> = set_aside
        .iter()
        .take(MOST_SET_ASIDE)
        .map(|one| {
            let line = one.row.line.map_or_else(String::new, number);
            vec![escaped(one.file), one.input.to_owned(), number(one.row.row.into()), line, escaped(&one.row.reason)]
        })
        .collect();
    let more = set_aside.len().saturating_sub(MOST_SET_ASIDE);
    let more = if more == 0 { String::new() } else { format!("<p>And {more} more.</p>\n") };
    format!(
        "<h2>Rows that could not be read</h2>\n<p>They are kept word for word in quarantine.parquet; what they hold is not shown \
         here.</p>\n{}{more}",
        table("Rows set aside", &["File", "Read as", "Row", "Line", "Why"], &[2, 3], &rows)
    )
}

fn assumptions(account: &Account) -> String {
    let scheme = &account.scheme;
    let mut lines: Vec<String> =
        scheme.assumptions.iter().map(|says| format!("<li>{}</li>\n", escaped(says))).collect();
    for (name, parameter) in &scheme.parameters {
        let value = parameter.value.as_deref().unwrap_or("nothing, so what rests on it does not apply");
        let by = parameter.by.replace('_', " ");
        lines.push(format!("<li>Parameter {} is {}, by the {}.</li>\n", escaped(name), escaped(value), escaped(&by)));
    }
    for (code, setting) in &scheme.settings {
        let by = setting.by.replace('_', " ");
        lines.push(format!("<li>Rule {} is set to {} by the {by}.</li>\n", escaped(code), escaped(&setting.setting)));
    }
    if account.inputs.iter().all(|input| input.role != "register") {
        lines.push("<li>No register was given, so nothing of eligibility was checked.</li>\n".into());
    }
    if lines.is_empty() {
        return String::new();
    }
    format!("<h2>What the verdicts stand on that no source settles</h2>\n<ul>\n{}</ul>\n", lines.concat())
}

fn claims(list: Vec<String>) -> Vec<String> {
    let heads = ["Claim", "Provider", "Contract", "Verdict", "Reasons", "Job start", "Look again"];
    let head = |head: &&str| format!("<th scope=\"col\"><button type=\"button\">{head}</button></th>");
    let heads = heads.iter().map(head).collect::<Vec<_>>().concat();
    let options = Verdict::ALL.map(|verdict| format!("<option>{verdict}</option>")).concat();
    let signs: Vec<String> = DayShown::ALL
        .iter()
        .map(|(_, sign, means)| format!("<code>{}</code> {means}", escaped(&sign.to_string())))
        .collect();
    let before = format!(
        "<h2 id=\"claims\">Every claim</h2>\n<noscript><p class=\"note\">The list needs scripts; everything above does not. The \
         claims stand in validated.parquet, rejected.parquet and queried.parquet.</p></noscript>\n\
         <p>Open a claim to see its days and payments. Days: {}. <code>sustain explain</code> tells more of one.</p>\n\
         <div class=\"tools\"><label for=\"search\">Search claims, providers, participants and rules</label>\
         <input id=\"search\" type=\"search\" autocomplete=\"off\"> <label for=\"verdict\">Verdict</label>\
         <select id=\"verdict\"><option value=\"\">all</option>{options}</select></div>\n\
         <p id=\"told\" role=\"status\"></p>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Claims\"><table id=\"claims-table\"><caption>Claims</caption>\
         <thead><tr>{heads}<th scope=\"col\">Details</th></tr></thead><tbody id=\"claims-body\"></tbody></table></div>\n\
         <p class=\"tools\"><button type=\"button\" id=\"earlier\">Earlier</button> <button type=\"button\" id=\"later\">Later</button></p>\n\
         <script type=\"application/json\" id=\"claims-data\">[",
        signs.join(", ")
    );
    let mut pieces = vec![before];
    for claim in list {
        if 1 < pieces.len() {
            pieces.push(",".into());
        }
        pieces.push(claim);
    }
    pieces.push(format!("]</script>\n<script>{LIST}</script>\n"));
    pieces
}

fn too_many(count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    format!(
        "<h2 id=\"claims\">Every claim</h2>\n<p>{} claims are too many for a page. They stand in \
         <a href=\"validated.parquet\">validated.parquet</a>, <a href=\"rejected.parquet\">rejected.parquet</a> and \
         <a href=\"queried.parquet\">queried.parquet</a>; <code>sustain explain</code> tells the story of one.</p>\n",
        grouped(&count.to_string())
    )
}

fn files(account: &Account) -> String {
    format!(
        "<h2>Where it comes from</h2>\n<p>{} {}. Run <code>{}</code>. The same inputs give the same run. \
         <a href=\"run.json\">run.json</a> is its account, <code>sustain verify</code> proves it again.</p>\n",
        escaped(&account.program.name),
        escaped(&account.program.version),
        escaped(&account.fingerprint)
    )
}

fn marked(verdict: Verdict) -> String {
    format!("<span class=\"verdict {verdict}\">{verdict}</span>")
}

fn named(id: &str) -> String {
    if id.is_empty() { "(none)".into() } else { escaped(id) }
}

fn number(count: u64) -> String {
    grouped(&count.to_string())
}

fn share(part: u64, whole: u64) -> String {
    crate::domain::money::share(part, whole)
}

fn pounds(amount: &str) -> String {
    format!("£{}", crate::domain::money::with_separators(amount))
}
