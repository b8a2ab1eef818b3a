//! Rows of a CSV file as RFC 4180 has them: fields between commas, those with a comma, a quote or a line break in quotes,
//! lines that end with CR and LF.
//!
//! A program that opens the file as a table takes a field that begins with `=`, `+`, `-`, `@`, a tabulator or a line break
//! for a formula and runs it. What people wrote must not: such a field gets a `'` before it, which these programs take for
//! "this is text".

use std::iter::Peekable;
use std::str::Chars;

/// A row that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    /// Its fields.
    pub(crate) fields: Vec<String>,
}

/// Why a text is no CSV from some line on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A quote is opened on this line and not closed.
    Unclosed(usize),
    /// A quote stands on this line where none may: inside of a field without quotes, or something follows a closed one.
    Stray(usize),
}

/// What stands between the fields of a text: the comma of RFC 4180, or what programs write where the comma is in numbers. It is
/// told by the first line.
#[must_use]
pub(crate) fn separator(text: &str) -> char {
    let (mut counts, mut quoted) = ([0_usize; 3], false);
    for letter in without_mark(text).trim_start_matches(['\r', '\n']).chars() {
        match letter {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            ',' if !quoted => counts[0] += 1,
            ';' if !quoted => counts[1] += 1,
            '\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    match counts {
        [commas, semicolons, tabulators] if tabulators > commas && tabulators > semicolons => '\t',
        [commas, semicolons, _] if semicolons > commas => ';',
        _ => ',',
    }
}

/// Reads all rows. Lines may end in either way; a byte order mark and lines without anything are passed over.
///
/// # Errors
/// [`Fault`]; what follows it cannot be told apart.
pub(crate) fn read(text: &str, separator: char) -> Result<Vec<Row>, Fault> {
    let mut reader = Reader { rows: Vec::new(), fields: Vec::new(), field: String::new(), line: 1, begun: 1 };
    let mut letters = without_mark(text).chars().peekable();
    let mut at_begin = true;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if at_begin => {
                reader.quoted(&mut letters)?;
                let is_over =
                    letters.peek().is_none_or(|next| *next == separator || matches!(next, '\r' | '\n'));
                if !is_over {
                    return Err(Fault::Stray(reader.line));
                }
                at_begin = false;
            }
            '"' => return Err(Fault::Stray(reader.line)),
            '\r' | '\n' => {
                if letter == '\r' && letters.peek() == Some(&'\n') {
                    letters.next();
                }
                reader.end_row();
                at_begin = true;
            }
            other if other == separator => {
                reader.end_field();
                at_begin = true;
            }
            other => {
                reader.field.push(other);
                at_begin = false;
            }
        }
    }
    reader.end_row();
    Ok(reader.rows)
}

struct Reader {
    rows: Vec<Row>,
    fields: Vec<String>,
    field: String,
    line: usize,
    /// The line on which the row begins.
    begun: usize,
}

impl Reader {
    /// Reads a field up to its closing quote; the opening one was read.
    fn quoted(&mut self, letters: &mut Peekable<Chars<'_>>) -> Result<(), Fault> {
        let opened = self.line;
        while let Some(letter) = letters.next() {
            match letter {
                '"' if letters.peek() == Some(&'"') => {
                    letters.next();
                    self.field.push('"');
                }
                '"' => return Ok(()),
                other => {
                    // CR and LF together are one line.
                    let is_line = other == '\n' || (other == '\r' && letters.peek() != Some(&'\n'));
                    self.line += usize::from(is_line);
                    self.field.push(other);
                }
            }
        }
        Err(Fault::Unclosed(opened))
    }

    fn end_field(&mut self) {
        self.fields.push(std::mem::take(&mut self.field));
    }

    fn end_row(&mut self) {
        self.end_field();
        let fields = std::mem::take(&mut self.fields);
        let is_blank = fields.iter().all(String::is_empty) && fields.len() == 1;
        if !is_blank {
            self.rows.push(Row { line: self.begun, fields });
        }
        self.line += 1;
        self.begun = self.line;
    }
}

/// Programs write a byte order mark before UTF-8.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

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
    fn plain_read(text: &str) -> Vec<Vec<String>> {
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

    fn plain(rows: Vec<Row>) -> Vec<(usize, Vec<String>)> {
        rows.into_iter().map(|row| (row.line, row.fields)).collect()
    }

    fn fields_of(text: &str) -> Vec<Vec<String>> {
        read(text, separator(text)).unwrap().into_iter().map(|row| row.fields).collect()
    }

    #[rstest]
    #[case::plain("name,role\r\nInes,admin\r\n", &[["name", "role"], ["Ines", "admin"]])]
    #[case::unix("name,role\nInes,admin", &[["name", "role"], ["Ines", "admin"]])]
    #[case::old_mac("name,role\rInes,admin\r", &[["name", "role"], ["Ines", "admin"]])]
    #[case::mark("\u{feff}name,role\nInes,admin\n", &[["name", "role"], ["Ines", "admin"]])]
    #[case::semicolons("name;role\nKremer, Ines;admin\n", &[["name", "role"], ["Kremer, Ines", "admin"]])]
    #[case::tabulators("name\trole\nInes\tadmin\n", &[["name", "role"], ["Ines", "admin"]])]
    #[case::quotes("\"name\",role\n\"Kremer, \"\"Ines\"\"\",admin\n", &[["name", "role"], ["Kremer, \"Ines\"", "admin"]])]
    #[case::lines("name,role\n\"Ines\nKremer\",admin\n", &[["name", "role"], ["Ines\nKremer", "admin"]])]
    #[case::empty_fields("name,role\n,\n", &[["name", "role"], ["", ""]])]
    #[case::empty_quotes("name,role\n\"\",\"\"\n", &[["name", "role"], ["", ""]])]
    #[case::blank_lines("\n\nname,role\n\nInes,admin\n\n", &[["name", "role"], ["Ines", "admin"]])]
    #[case::a_separator_in_quotes("\"a;b;c\",role\nInes,admin\n", &[["a;b;c", "role"], ["Ines", "admin"]])]
    #[case::semicolons_after_a_blank_line("\r\nname;role\nInes;admin\n", &[["name", "role"], ["Ines", "admin"]])]
    #[case::nothing("", &[])]
    fn texts_are_read(#[case] text: &str, #[case] rows: &[[&str; 2]]) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|field| (*field).to_owned()).collect()).collect();
        assert_eq!(fields_of(text), rows);
    }

    #[test]
    fn a_row_says_on_which_line_it_begins() {
        let text = "name,role\r\n\r\n\"Ines\r\nKremer\",admin\r\nJonas,agent\n";
        let lines: Vec<usize> = plain(read(text, ',').unwrap()).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 3, 5]);
    }

    #[rstest]
    #[case::unclosed("name,role\n\"Ines,admin\n", Fault::Unclosed(2))]
    #[case::in_the_middle("name,role\nInes \"the boss\",admin\n", Fault::Stray(2))]
    #[case::after_a_closed_one("name,role\nJonas,agent\n\"Ines\" Kremer,admin\n", Fault::Stray(3))]
    #[case::two_in_a_row("name,role\n\"Ines\" \"Kremer\",admin\n", Fault::Stray(2))]
    fn what_is_no_csv_is_said_with_its_line(#[case] text: &str, #[case] fault: Fault) {
        assert_eq!(read(text, separator(text)), Err(fault));
    }

    fn fields() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[=+@,\"\r\n\t a-]{0,6}"]
    }

    proptest! {
        /// Whatever was written is read as the plain reader has it; a row of one empty field is a line without anything.
        #[test]
        fn both_readers_agree(rows in prop::collection::vec(prop::collection::vec(fields(), 1..5), 0..6)) {
            let text = written(&rows);
            let rows: Vec<Vec<String>> = read(&text, ',').unwrap().into_iter().map(|row| row.fields).collect();
            let expected: Vec<Vec<String>> =
                plain_read(without_mark(&text)).into_iter().filter(|fields| fields != &[String::new()]).collect();
            prop_assert_eq!(rows, expected);
        }

        /// Nothing that is read makes it panic, and lines are counted upwards.
        #[test]
        fn anything_can_be_read(text in any::<String>(), quotes in "[a,;\"\r\n\t ]{0,40}") {
            for text in [text, quotes] {
                if let Ok(rows) = read(&text, separator(&text)) {
                    prop_assert!(rows.windows(2).all(|pair| pair[0].line < pair[1].line));
                }
            }
        }

        /// The plain reader finds what was written, with a guard where it could be run and nowhere else.
        #[test]
        fn what_is_written_is_read_again(rows in prop::collection::vec(prop::collection::vec(fields(), 1..5), 0..6)) {
            let expected: Vec<Vec<String>> = rows
                .iter()
                .map(|fields| fields.iter().map(|text| {
                    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.clone() }
                }).collect())
                .collect();
            prop_assert_eq!(plain_read(&written(&rows)), expected);
        }
    }
}
