//! Rows of a CSV file as RFC 4180 has them: fields between commas, those with a comma, a quote or a line break in quotes,
//! lines that end with CR and LF.
//!
//! A program that opens the file as a table takes a field that begins with `=`, `+`, `-`, `@`, a tabulator or a line break
//! for a formula and runs it. What people wrote must not: such a field gets a `'` before it, which these programs take for
//! "this is text".

/// Writes one row.
pub(crate) fn row<'a>(out: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (place, text) in fields.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        field(out, text);
    }
    out.push_str("\r\n");
}

fn field(out: &mut String, text: &str) {
    let guard = if is_formula(text) { "'" } else { "" };
    if !text.contains([',', '"', '\r', '\n']) {
        out.push_str(guard);
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(guard);
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// Whether a program that shows tables would run it.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn written(rows: &[Vec<String>]) -> String {
        let mut out = String::new();
        for fields in rows {
            row(&mut out, fields.iter().map(String::as_str));
        }
        out
    }

    /// A plain reader of RFC 4180, letter by letter.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut fields, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => {
                    letters.next();
                    field.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(std::mem::take(&mut field)),
                '\r' if !quoted && letters.peek() == Some(&'\n') => {
                    letters.next();
                    fields.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut fields));
                }
                other => field.push(other),
            }
        }
        rows
    }

    #[rstest]
    #[case::plain("Mara", "Mara")]
    #[case::comma("Lindt, Mara", "\"Lindt, Mara\"")]
    #[case::quote("the \"best\"", "\"the \"\"best\"\"\"")]
    #[case::line("a\nb", "\"a\nb\"")]
    #[case::formula("=1+1", "'=1+1")]
    #[case::call("@SUM(A1)", "'@SUM(A1)")]
    #[case::minus("-2", "'-2")]
    #[case::tabulator("\t=1", "'\t=1")]
    #[case::both("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"")]
    #[case::empty("", "")]
    fn a_field_is_written(#[case] text: &str, #[case] as_: &str) {
        let mut out = String::new();
        row(&mut out, [text]);
        assert_eq!(out, format!("{as_}\r\n"));
    }

    fn fields() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[=+@,\"\r\n\t a-]{0,6}"]
    }

    proptest! {
        /// The plain reader finds what was written, with a guard where it could be run and nowhere else.
        #[test]
        fn what_is_written_is_read_again(rows in prop::collection::vec(prop::collection::vec(fields(), 1..5), 0..6)) {
            let expected: Vec<Vec<String>> = rows
                .iter()
                .map(|fields| fields.iter().map(|text| {
                    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.clone() }
                }).collect())
                .collect();
            prop_assert_eq!(read(&written(&rows)), expected);
        }
    }
}
