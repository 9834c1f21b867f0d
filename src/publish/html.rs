//! Pages that need nothing else: one look for all of them, no font, script or picture from elsewhere.
//!
//! Colours are those of the GOV.UK design system, whose crown, header and font are for its own pages alone.

/// The look of a page, light and dark, on a screen and on paper.
pub(crate) const STYLE: &str = "\
:root{color-scheme:light dark;--text:#0b0c0c;--second:#484949;--back:#fff;--link:#1a65a6;--visited:#54319f;--hover:#0f385c;\
--line:#cecece;--surface:#f4f8fb;--brand:#1d70b8;--good:#0f7a52;--bad:#ca3535;--doubt:#6b4f00}\
@media(prefers-color-scheme:dark){:root{--text:#f3f2f1;--second:#c8cacb;--back:#15181b;--link:#8ec5f0;--visited:#c7aef5;\
--hover:#cfe6f9;--line:#4c5054;--surface:#1f2529;--brand:#6fb1e8;--good:#6fd3a8;--bad:#ff9a9a;--doubt:#f2cd6b}}\
body{font:19px/1.32 Arial,sans-serif;color:var(--text);background:var(--back);margin:0}\
main{max-width:1100px;margin:0 auto;padding:24px 20px 60px;overflow-wrap:anywhere}\
h1{font-size:36px;margin:0 0 8px}h2{font-size:27px;margin:44px 0 6px}h3{font-size:19px;margin:22px 0 6px}\
a{color:var(--link)}a:visited{color:var(--visited)}a:hover{color:var(--hover)}\
a:focus,summary:focus,button:focus,input:focus,select:focus,.wide:focus{background:#ffdd00;color:#0b0c0c;outline:3px solid #0b0c0c}\
p,li{max-width:44em}p{margin:10px 0}.note{border-left:8px solid var(--brand);background:var(--surface);padding:12px 16px;margin:18px 0}\
table{border-collapse:collapse;width:100%;font-size:16px;margin:12px 0}caption{text-align:left;font-weight:bold;padding:6px 0}\
th,td{border-bottom:1px solid var(--line);padding:7px 10px 7px 0;text-align:left;vertical-align:top;overflow-wrap:break-word}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}\
.validated{color:var(--good)}.rejected{color:var(--bad)}.queried{color:var(--doubt)}.verdict{font-weight:bold}\
td code,th code{overflow-wrap:anywhere}summary{cursor:pointer;color:var(--link);padding:6px 0}label{display:inline-block;margin:0 18px 8px 0}\
input,select,button{font:inherit;color:var(--text);background:var(--back);border:2px solid var(--text);padding:5px 8px;max-width:100%;box-sizing:border-box}\
th button{border:0;padding:0;font-weight:bold;text-decoration:underline;background:none;cursor:pointer}button.more{border-width:1px;padding:2px 8px}\
.strip{font:15px/1.25 Consolas,Menlo,monospace;white-space:pre;overflow-x:auto;margin:4px 0}\
.second{color:var(--second)}\
@media print{.tools,details:not([open]){display:none}body{font-size:11pt}main{max-width:none}}";

/// Text as a page holds it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A page of a title and a body. `script` is the hash of the one script it may run, where it has one.
pub(crate) fn page(title: &str, script: Option<&str>, body: &str) -> String {
    [&opening(title, script), body, CLOSING].concat()
}

/// What stands before the body of a page.
pub(crate) fn opening(title: &str, script: Option<&str>) -> String {
    let script = script.map(|hash| format!("; script-src '{hash}'")).unwrap_or_default();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'{script}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        title = escaped(title),
    )
}

/// What stands after the body of a page.
pub(crate) const CLOSING: &str = "</main>\n</body>\n</html>\n";

/// A table of cells that are ready for a page; `right` are the columns of numbers. The first cell of a row names it.
pub(crate) fn table(caption: &str, heads: &[&str], right: &[usize], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let class = |index: usize| if right.contains(&index) { " class=\"n\"" } else { "" };
    let head = |(index, head): (usize, &&str)| format!("<th scope=\"col\"{}>{head}</th>", class(index));
    let heads: Vec<String> = heads.iter().enumerate().map(head).collect();
    let heads = heads.concat();
    let row = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(index, cell)| match index {
            0 => format!("<th scope=\"row\"{}>{cell}</th>", class(0)),
            _ => format!("<td{}>{cell}</td>", class(index)),
        });
        format!("<tr>{}</tr>\n", cells.collect::<Vec<_>>().concat())
    };
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table>\n<caption>{caption}</caption>\n\
         <thead><tr>{heads}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
        rows.iter().map(row).collect::<Vec<_>>().concat()
    )
}
