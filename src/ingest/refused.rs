//! Refused rows as a file to download, mend and drop again.

use crate::protocol::{Problem, RefusedRow};
use std::fmt::Write;

/// Refused rows as CSV: line, column, value, reason. A row whose column is empty was refused as a whole.
///
/// What a file says is text: a cell that a spreadsheet would take for a formula gets an apostrophe.
pub fn refused_csv(refused: &[RefusedRow]) -> String {
    let mut csv = String::from("line,column,value,reason\r\n");
    for row in refused {
        // Writing to a string does not fail.
        let _ = write!(csv, "{}", row.line);
        for cell in [&row.column, &row.value, id(&row.problem)] {
            csv.push(',');
            push_cell(&mut csv, cell);
        }
        csv.push_str("\r\n");
    }
    csv
}

/// Adds a cell to a line of CSV; one that a spreadsheet would take for a formula gets an apostrophe.
pub fn push_cell(csv: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_plain_number(cell);
    let guard = if is_formula { "'" } else { "" };
    if cell.contains(['"', ',', '\n', '\r']) {
        csv.push('"');
        csv.push_str(guard);
        csv.push_str(&cell.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(guard);
        csv.push_str(cell);
    }
}

fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction)
}

/// English id of a reason.
const fn id(problem: &Problem) -> &'static str {
    match problem {
        Problem::Missing => "missing",
        Problem::SpreadsheetError => "spreadsheet-error",
        Problem::NotANumber => "not-a-number",
        Problem::NumberTooLarge => "number-too-large",
        Problem::NotADate => "not-a-date",
        Problem::UnknownStatus => "unknown-status",
        Problem::RuinedIdentifier => "ruined-identifier",
        Problem::CutOff => "cut-off",
        Problem::BrokenRecord => "broken-record",
        Problem::RowTooLong => "row-too-long",
        Problem::EmptyFile => "empty-file",
        Problem::NoRows => "no-rows",
        Problem::NotATable(_) => "not-a-table",
        Problem::UnknownHeader => "unknown-header",
        Problem::NotOrdersNorStock => "not-orders-nor-stock",
        Problem::TooManyColumns(_) => "too-many-columns",
        Problem::BadJson(..) => "bad-json",
        Problem::JsonWithoutRows => "json-without-rows",
        Problem::Locked(_) => "locked",
        Problem::Damaged(_) => "damaged",
        Problem::Unpacks(_) => "unpacks-to-too-much",
        Problem::Bomb(_) => "bomb",
        Problem::TooDeep => "too-deep",
        Problem::TooManyParts(_) => "too-many-parts",
        Problem::NothingInside => "nothing-inside",
        Problem::ReaderEnded(_) => "reader-ended",
        Problem::Unreadable(_) => "unreadable",
        Problem::Http(_) => "http",
        Problem::Cancelled => "cancelled",
        Problem::NoReader => "no-reader",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expect: &str) {
        let mut csv = String::new();
        push_cell(&mut csv, cell);
        assert_eq!(csv, expect, "{cell:?}");
    }

    #[test]
    fn cells_are_quoted_and_harmless() {
        check("plain", "plain");
        check("a,b", "\"a,b\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("=1+1", "'=1+1");
        check("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\tx", "'\tx");
        check("-5.25", "-5.25");
        check("+5", "+5");
        check("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0");
        check("-", "'-");
        check("", "");
    }
}
