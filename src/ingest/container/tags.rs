//! Tags of a web page and the text between them.

/// Longest tag in which quotes are looked for.
const LONGEST_TAG: usize = 64 << 10;
/// Longest text of a cell that is kept.
const LONGEST_CELL: usize = 5 << 20;

/// What tags mean here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Id {
    Table,
    Row,
    Cell,
    Break,
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a>(&'a str);

impl Name<'_> {
    fn is(self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    pub(super) fn id(self) -> Id {
        if self.is("td") || self.is("th") {
            Id::Cell
        } else if self.is("tr") {
            Id::Row
        } else if self.is("table") {
            Id::Table
        } else if self.is("br") || self.is("p") || self.is("div") {
            Id::Break
        } else {
            Id::Other
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    Text(&'a str),
    Tag {
        name: Name<'a>,
        is_end: bool,
        attributes: &'a str,
        /// Where it begins.
        at: usize,
    },
}

/// Tags of a page and the text between them; comments, scripts and styles are passed over.
pub(super) struct Tags<'a> {
    pub text: &'a str,
    pub at: usize,
    /// The last tag ended a table.
    pub is_closed: bool,
}

impl<'a> Tags<'a> {
    pub(super) const fn new(text: &'a str, at: usize) -> Self {
        Self {
            text,
            at,
            is_closed: false,
        }
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            if let Some(comment) = rest.strip_prefix("<!--") {
                self.at += 4 + comment.find("-->").map_or(comment.len(), |end| end + 3);
                continue;
            }
            let tag = rest
                .strip_prefix('<')
                .and_then(|inner| Some((inner, inner.bytes().next()?)));
            let Some((inner, _)) =
                tag.filter(|(_, first)| first.is_ascii_alphabetic() || b"/!?".contains(first))
            else {
                // Text up to the next tag; a `<` that begins none is text.
                let skip = usize::from(rest.starts_with('<'));
                let end = rest
                    .get(skip..)
                    .and_then(|rest| rest.find('<'))
                    .map_or(rest.len(), |at| at + skip);
                self.at += end;
                return rest.get(..end).map(Token::Text);
            };
            let length = tag_length(inner);
            let at = self.at;
            self.at += 1 + length;
            let tag = inner.get(..length.saturating_sub(1)).unwrap_or(inner);
            let is_end = tag.starts_with('/');
            let tag = tag.strip_prefix('/').unwrap_or(tag);
            let named = tag
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(tag.len());
            let (name, attributes) = tag.split_at(named);
            let name = Name(name);
            if !is_end && (name.is("script") || name.is("style")) {
                self.skip_to_end_of(name.0);
                continue;
            }
            self.is_closed = is_end && name.id() == Id::Table;
            return Some(Token::Tag {
                name,
                is_end,
                attributes,
                at,
            });
        }
    }

    fn skip_to_end_of(&mut self, name: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut from = 0;
        while let Some(found) = rest.get(from..).and_then(|rest| rest.find("</")) {
            let end = from + found;
            let is_it = rest
                .get(end + 2..end + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name));
            if is_it {
                self.at += end;
                return;
            }
            from = end + 2;
        }
        self.at = self.text.len();
    }
}

/// Length of a tag after its `<`, its `>` included, which may stand in quotes; of the whole rest where it has no
/// end.
pub(super) fn tag_length(inner: &str) -> usize {
    let mut quote = 0;
    for (at, byte) in inner.bytes().take(LONGEST_TAG).enumerate() {
        match byte {
            b'>' if quote == 0 => return at + 1,
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            _ => {}
        }
    }
    // A quote that is never closed is none.
    inner.find('>').map_or(inner.len(), |at| at + 1)
}

/// The number of an attribute; 1 where there is none.
pub(super) fn number(attributes: &str, name: &str) -> usize {
    if attributes.is_empty() {
        return 1;
    }
    let mut from = 0;
    while let Some(found) = attributes
        .get(from..)
        .and_then(|rest| rest.to_ascii_lowercase().find(name))
    {
        let after = attributes.get(from + found + name.len()..).unwrap_or_default();
        if let Some(value) = after.trim_start().strip_prefix('=') {
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
            return value
                .get(..digits)
                .and_then(|digits| digits.parse().ok())
                .unwrap_or(1);
        }
        from += found + name.len();
    }
    1
}

/// Appends text with its entities resolved and its blanks and line ends as one blank each.
pub(super) fn push_text(text: &str, cell: &mut String) {
    if cell.len() > LONGEST_CELL {
        return;
    }
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut after = rest.get(c.len_utf8()..).unwrap_or_default();
        let mut read = c;
        if c == '&'
            && let Some((entity, length)) = entity(after)
        {
            (read, after) = (entity, after.get(length..).unwrap_or_default());
        }
        if !read.is_ascii_whitespace() {
            cell.push(read);
        } else if !cell.ends_with(' ') && !cell.is_empty() {
            cell.push(' ');
        }
        rest = after;
    }
}

/// The character that stands after `&`, and the length of its name.
fn entity(after: &str) -> Option<(char, usize)> {
    let end = after.bytes().take(12).position(|b| b == b';')?;
    let name = after.get(..end)?;
    let code = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(hex.get(1..)?, 16).ok()?,
        Some(digits) => digits.parse().ok()?,
        None => u32::from(
            *ENTITIES
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, c)| c)?,
        ),
    };
    Some((char::from_u32(code)?, end + 1))
}

/// Those that exports use.
const ENTITIES: [(&str, char); 16] = [
    ("nbsp", ' '),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("yen", '¥'),
    ("euro", '€'),
    ("pound", '£'),
    ("cent", '¢'),
    ("times", '×'),
    ("middot", '·'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("ensp", ' '),
    ("emsp", ' '),
];
