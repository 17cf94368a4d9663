//! Short names between a module and its script.
//!
//! wasm-bindgen gives what they take from each other names of some forty letters, a hash in each. They stand in both files
//! and no compression takes a hash away: short ones make the page and its engine 2 % smaller.

use crate::Result;
use std::collections::BTreeMap;

/// Sections of a module: what it takes, and what it gives.
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// How the names begin that wasm-bindgen makes up.
const TAKEN: [&str; 2] = ["__wbg_", "__wbindgen_"];
const GIVEN: &str = "wasm_bindgen__convert__";

/// `wasm` and its `script`, with short names for what only these two know by name.
///
/// # Errors
/// The module cannot be read, or script and module do not fit.
pub fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let names = Names::of(script);
    let mut out = wasm.get(..8).ok_or("no module")?.to_vec();
    let mut reader = Reader(&wasm[8..]);
    while let Some(section) = reader.byte() {
        let size = reader.number()?;
        let body = reader.take(size)?;
        let body = match section {
            IMPORTS => imports(body, &names)?,
            EXPORTS => exports(body, &names)?,
            _ => body.to_vec(),
        };
        out.push(section);
        put(&mut out, body.len());
        out.extend(body);
    }
    Ok((out, names.replaced(script)))
}

/// Short names by long ones.
struct Names {
    taken: BTreeMap<String, String>,
    given: BTreeMap<String, String>,
}

impl Names {
    fn of(script: &str) -> Self {
        let mut names = Self {
            taken: BTreeMap::new(),
            given: BTreeMap::new(),
        };
        for line in script.lines() {
            if let Some(key) = key(line) {
                let short = short(names.taken.len());
                names.taken.entry(key.to_owned()).or_insert(short);
            }
            for name in line.split("wasm.").skip(1).map(word) {
                if name.starts_with(GIVEN) {
                    let short = short(names.given.len());
                    names.given.entry(name.to_owned()).or_insert(short);
                }
            }
        }
        names
    }

    fn replaced(&self, script: &str) -> String {
        let mut out = String::with_capacity(script.len());
        for line in script.split_inclusive('\n') {
            if let Some((long, short)) = key(line).and_then(|key| self.taken.get_key_value(key)) {
                out.push_str(&line.replacen(long.as_str(), short, 1));
                continue;
            }
            let mut pieces = line.split("wasm.");
            out.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                let name = word(piece);
                out.push_str("wasm.");
                out.push_str(self.given.get(name).map_or(name, String::as_str));
                out.push_str(&piece[name.len()..]);
            }
        }
        out
    }
}

/// The name that a line of the script gives the module: `        __wbg_now_1a2b: function() {`.
fn key(line: &str) -> Option<&str> {
    let (name, rest) = line.trim_start().split_once(": ")?;
    let is_name = TAKEN.iter().any(|start| name.starts_with(start)) && word(name) == name;
    (is_name && rest.starts_with("function(")).then_some(name)
}

/// The word that `text` begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$');
    &text[..end.unwrap_or(text.len())]
}

/// The name of this number: `$a`, `$b`, … `$z`, `$aa`; no word of the script begins so.
fn short(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'a' + u8::try_from(number % 26).unwrap_or(0));
        match (number / 26).checked_sub(1) {
            Some(rest) => number = rest,
            None => break,
        }
    }
    letters.reverse();
    format!("${}", String::from_utf8_lossy(&letters))
}

fn imports(body: &[u8], names: &Names) -> Result<Vec<u8>> {
    let (mut reader, mut out) = (Reader(body), Vec::new());
    let count = reader.number()?;
    put(&mut out, count);
    for _ in 0..count {
        let module = reader.name()?;
        let name = reader.name()?;
        put_name(&mut out, module);
        put_name(&mut out, names.taken.get(name).map_or(name, String::as_str));
        let start = reader.0;
        match reader.byte() {
            Some(0) => {
                reader.number()?;
            }
            Some(1) => {
                reader.byte();
                reader.limits()?;
            }
            Some(2) => reader.limits()?,
            Some(3) => {
                reader.take(2)?;
            }
            _ => return Err("the module takes something unknown".to_owned()),
        }
        out.extend(&start[..start.len() - reader.0.len()]);
    }
    Ok(out)
}

fn exports(body: &[u8], names: &Names) -> Result<Vec<u8>> {
    let (mut reader, mut out) = (Reader(body), Vec::new());
    let count = reader.number()?;
    put(&mut out, count);
    for _ in 0..count {
        let name = reader.name()?;
        put_name(&mut out, names.given.get(name).map_or(name, String::as_str));
        out.extend(reader.byte());
        put(&mut out, reader.number()?);
    }
    Ok(out)
}

/// The rest of a module.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An unsigned number (LEB128).
    fn number(&mut self) -> Result<usize> {
        let mut number = 0_usize;
        for shift in (0..35).step_by(7) {
            let byte = self.byte().ok_or("the module ends early")?;
            number |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err("the module holds a number without end".to_owned())
    }

    fn take(&mut self, bytes: usize) -> Result<&'a [u8]> {
        let (first, rest) = self.0.split_at_checked(bytes).ok_or("the module ends early")?;
        self.0 = rest;
        Ok(first)
    }

    fn name(&mut self) -> Result<&'a str> {
        let size = self.number()?;
        std::str::from_utf8(self.take(size)?).map_err(|_| "a name is no text".to_owned())
    }

    fn limits(&mut self) -> Result {
        let has_most = self.byte().is_some_and(|flags| flags & 1 == 1);
        self.number()?;
        if has_most {
            self.number()?;
        }
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let byte = u8::try_from(number & 127).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            return out.push(byte);
        }
        out.push(byte | 128);
    }
}

fn put_name(out: &mut Vec<u8>, name: &str) {
    put(out, name.len());
    out.extend(name.bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        for (section, body) in sections {
            out.push(*section);
            put(&mut out, body.len());
            out.extend(*body);
        }
        out
    }

    #[test]
    fn module_and_script_agree_on_short_names() {
        let script = "function f(a) {\n    wasm.wasm_bindgen__convert__closures__h1(a, wasm.memory);\n}\n\
                      const imports = {\n        __wbg_now_1a: function() {\n            return now();\n        },\n        \
                      __wbindgen_throw_2b: function(a) {\n        },\n};\n";
        let table = b"\x03\x0dstockpit_bg.j\x0c__wbg_now_1a\0\x05\x01m\x03mem\x02\x01\x01\x80\x02\x01m\x05other\0\x01";
        let given = b"\x02\x28wasm_bindgen__convert__closures__h1_____\0\x07\x06memory\x02\0";
        let code = vec![7; 300];
        let whole = module(&[(2, table), (7, given), (10, &code)]);
        let (short, said) = shorten(&whole, script).unwrap();
        let table = b"\x03\x0dstockpit_bg.j\x02$a\0\x05\x01m\x03mem\x02\x01\x01\x80\x02\x01m\x05other\0\x01";
        assert_eq!(
            short,
            module(&[(2, table), (7, given), (10, &code)]),
            "a name that is only alike stays"
        );
        assert_eq!(
            said,
            "function f(a) {\n    wasm.$a(a, wasm.memory);\n}\n\
             const imports = {\n        $a: function() {\n            return now();\n        },\n        \
             $b: function(a) {\n        },\n};\n"
        );
        let given = b"\x01\x23wasm_bindgen__convert__closures__h1\0\x07";
        let (short, _) = shorten(&module(&[(7, given)]), script).unwrap();
        assert_eq!(short, module(&[(7, b"\x01\x02$a\0\x07")]));
        for cut in 9..whole.len() {
            // Never a panic, and never half a section.
            let _ = shorten(&whole[..cut], script);
        }
        assert!(shorten(b"\0asm", script).is_err());
    }

    #[test]
    fn names_are_counted_in_letters() {
        assert_eq!(
            [0, 25, 26, 701, 702].map(short),
            ["$a", "$z", "$aa", "$zz", "$aaa"]
        );
    }
}
