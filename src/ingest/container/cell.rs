//! Cells of workbooks → the text that a CSV export of the same sheet would hold.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
use std::fmt::Write;

/// What a cell says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Whole(i64),
    Bool(bool),
    Time(ExcelDateTime),
    Error(&'a CellErrorType),
}

impl<'a> From<&'a DataRef<'a>> for Value<'a> {
    fn from(data: &'a DataRef<'a>) -> Self {
        match data {
            DataRef::Empty => Self::Empty,
            DataRef::SharedString(text) => Self::Text(text),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Self::Text(text)
            }
            DataRef::Float(number) => Self::Number(*number),
            DataRef::Int(number) => Self::Whole(*number),
            DataRef::Bool(is) => Self::Bool(*is),
            DataRef::DateTime(time) => Self::Time(*time),
            DataRef::Error(error) => Self::Error(error),
        }
    }
}

impl<'a> From<&'a Data> for Value<'a> {
    fn from(data: &'a Data) -> Self {
        match data {
            Data::Empty => Self::Empty,
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Self::Text(text),
            Data::Float(number) => Self::Number(*number),
            Data::Int(number) => Self::Whole(*number),
            Data::Bool(is) => Self::Bool(*is),
            Data::DateTime(time) => Self::Time(*time),
            Data::Error(error) => Self::Error(error),
        }
    }
}

impl Value<'_> {
    /// Whether the rows that a merged cell covers all have it: ids, dates and words do, amounts would be counted
    /// once a row.
    pub(super) fn is_of_each_row(self) -> bool {
        const LEAST_ID: f64 = 1e9;
        match self {
            Self::Empty | Self::Error(_) => false,
            Self::Text(_) | Self::Bool(_) | Self::Time(_) => true,
            Self::Number(number) => number.fract() == 0.0 && number >= LEAST_ID,
            Self::Whole(number) => number >= 1_000_000_000,
        }
    }

    /// Appends its text. `timed`: whether dates of this column are followed by a time; set by the first that says
    /// one.
    pub(super) fn write(self, timed: &mut bool, text: &mut String) {
        // Writing to a string does not fail.
        let _ = match self {
            Self::Empty => Ok(()),
            Self::Text(words) => text.write_str(words),
            Self::Number(number) => number_text(number, text),
            Self::Whole(number) => write!(text, "{number}"),
            Self::Bool(is) => text.write_str(if is { "TRUE" } else { "FALSE" }),
            Self::Time(time) => time_text(time, timed, text),
            Self::Error(error) => write!(text, "{error}"),
        };
    }
}

/// The shortest decimal that is this number, and no longer than the 15 digits that spreadsheets show: what they
/// worked out is `0.30000000000000004` where they say 0.3. Whole numbers keep all digits, until there are more than a
/// float can hold: an id of so many is lost, and is written as what tells so (`3.5E+16`).
fn number_text(number: f64, text: &mut String) -> std::fmt::Result {
    const MOST_EXACT: f64 = 9_007_199_254_740_992.0;
    if number.abs() > MOST_EXACT {
        return write!(text, "{}", format!("{number:E}").replace('E', "E+"));
    }
    let start = text.len();
    write!(text, "{number}")?;
    let is_long = text.len() - start > 16 && number.fract() != 0.0;
    if !is_long {
        return Ok(());
    }
    if let Ok(shown) = format!("{number:.14e}").parse::<f64>() {
        text.truncate(start);
        write!(text, "{shown}")?;
    }
    Ok(())
}

/// As a wall clock; a time of no day as its number, which no field takes for a date.
fn time_text(time: ExcelDateTime, timed: &mut bool, text: &mut String) -> std::fmt::Result {
    let serial = time.as_f64();
    if !time.is_datetime() || !(1.0..2_958_466.0).contains(&serial) {
        return number_text(serial, text);
    }
    // A second is the finest that such numbers are good for.
    let (year, month, day, hour, minute, second, millis) = time.to_ymd_hms_milli();
    let mut of_day = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    of_day = (of_day + u32::from(millis >= 500)).min(86_399);
    write!(text, "{year:04}-{month:02}-{day:02}")?;
    *timed |= of_day != 0;
    if *timed {
        write!(
            text,
            " {:02}:{:02}:{:02}",
            of_day / 3600,
            of_day / 60 % 60,
            of_day % 60
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[track_caller]
    fn check(value: Value<'_>, expect: &str) {
        let mut text = String::new();
        value.write(&mut false, &mut text);
        assert_eq!(text, expect, "{value:?}");
    }

    #[test]
    fn numbers_are_what_the_sheet_shows() {
        for (number, expect) in [
            (0.0, "0"),
            (12.0, "12"),
            (-3.5, "-3.5"),
            (19.99, "19.99"),
            (0.1 + 0.2, "0.3"),
            (3.0 * 6.66, "19.98"),
            (1.0 / 3.0, "0.333333333333333"),
            (123_456_789_012.345_6, "123456789012.346"),
            (1e-7, "0.0000001"),
            // 16 digits are whole and exact; beyond 2^53 the tail is the float's own.
            (1_234_567_890_123_456.0, "1234567890123456"),
            (35_153_131_473_293_579.0, "3.515313147329358E+16"),
            (1e21, "1E+21"),
        ] {
            check(Value::Number(number), expect);
        }
        check(Value::Whole(-7), "-7");
        check(Value::Bool(true), "TRUE");
        check(Value::Error(&CellErrorType::Ref), "#REF!");
        check(Value::Error(&CellErrorType::NA), "#N/A");
    }

    #[test]
    fn serials_are_wall_clocks() {
        let time =
            |serial, is_1904| Value::Time(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904));
        check(time(45_943.0, false), "2025-10-13");
        check(time(45_943.5, false), "2025-10-13 12:00:00");
        check(time(45_943.999_988_4, false), "2025-10-13 23:59:59");
        check(time(45_943.541_666_666_664, false), "2025-10-13 13:00:00");
        check(time(44_481.5, true), "2025-10-13 12:00:00");
        check(time(0.25, false), "0.25");
        check(time(-4.0, false), "-4");
        let duration = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        check(Value::Time(duration), "1.5");
        // One time in a column, and midnights of it are said too.
        let (mut timed, mut text) = (false, String::new());
        for serial in [45_943.0, 45_943.25, 45_944.0] {
            time(serial, false).write(&mut timed, &mut text);
            text.push(' ');
        }
        assert_eq!(text, "2025-10-13 2025-10-13 06:00:00 2025-10-14 00:00:00 ");
    }
}
