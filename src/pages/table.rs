//! Tables of a page.

use maud::{Markup, Render, html};

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableColumn<'a> {
    heading: &'a str,
    is_number: bool,
}

impl<'a> TableColumn<'a> {
    /// A column of text.
    pub(crate) const fn text(heading: &'a str) -> Self {
        Self { heading, is_number: false }
    }

    /// A column of numbers, aligned at their last digit.
    pub(crate) const fn number(heading: &'a str) -> Self {
        Self { heading, is_number: true }
    }

    fn class(self) -> Option<&'static str> {
        self.is_number.then_some("n")
    }
}

/// A table with a row of headings, or nothing where it has no rows. The first cell of a row is its heading.
pub(crate) fn table<C: Render>(caption: &str, columns: &[TableColumn<'_>], rows: &[Vec<C>]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    scrolling(
        "region",
        caption,
        &html! {
            table {
                caption { (caption) }
                thead { tr { @for column in columns { th scope="col" class=[column.class()] { (column.heading) } } } }
                tbody {
                    @for row in rows {
                        "\n"
                        tr {
                            @for (place, (cell, column)) in row.iter().zip(columns).enumerate() {
                                @if place == 0 {
                                    th scope="row" class=[column.class()] { (cell) }
                                } @else {
                                    td class=[column.class()] { (cell) }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// A box around content that may be wider than the screen. The box scrolls by itself, also by keyboard; `role` and
/// `label` describe it to screen readers.
pub(crate) fn scrolling(role: &str, label: &str, content: &Markup) -> Markup {
    html! { "\n" div.scrolling tabindex="0" role=(role) aria-label=(label) { (content) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_escaped_once() {
        let columns = [TableColumn::text("A & B"), TableColumn::number("<n>")];
        let page = table("\"Caption\"", &columns, &[vec!["R&D", "1"]]).into_string();
        for part in [
            "aria-label=\"&quot;Caption&quot;\"",
            "<th scope=\"col\">A &amp; B</th><th scope=\"col\" class=\"n\">&lt;n&gt;</th>",
            "<th scope=\"row\">R&amp;D</th><td class=\"n\">1</td>",
        ] {
            assert!(page.contains(part), "{page}");
        }
        assert_eq!(table::<&str>("Caption", &columns, &[]).into_string(), "");
    }
}
