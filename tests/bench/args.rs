//! What is to be measured.

use super::engines::{ENGINES, Engine};

/// What can be said.
pub const HELP: &str = "\
Usage: cargo xtask bench [options]
       cargo xtask bench live [a][b][c]   a live source: how soon, how much, how long (all)
       cargo xtask bench alerts           the default rules against what only the simulator knows

  --lines N[,N…]     sizes of the file (1000000)
  --rounds N         each engine so often, in turns (3)
  --engines A[,B…]   of stockpit, duckdb, duckdb-eh, crossfilter, arquero, perspective (all)
  --quick            100,000 lines, one round, fewer steps
  --help             this text";

/// The options.
pub struct Args {
    /// Sizes of the file.
    pub lines: Vec<u64>,
    /// Runs of each engine.
    pub rounds: usize,
    /// Steps of the brush.
    pub steps: u32,
    /// Batches of the stream.
    pub batches: usize,
    /// In the order of the first round.
    pub engines: Vec<&'static Engine>,
}

/// Reads the options.
///
/// # Errors
/// A sentence about the first one that means nothing.
pub fn parse(given: &[String]) -> Result<Args, String> {
    let mut args = Args {
        lines: vec![1_000_000],
        rounds: 3,
        steps: 60,
        batches: 40,
        engines: ENGINES.iter().collect(),
    };
    let mut words = given.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--bench" => {}
            "--quick" => {
                (args.lines, args.rounds) = (vec![100_000], 1);
                (args.steps, args.batches) = (20, 10);
            }
            "--lines" => args.lines = numbers(value()?)?,
            "--rounds" => args.rounds = numbers(value()?)?[0] as usize,
            "--engines" => {
                args.engines = value()?
                    .split(',')
                    .map(|name| {
                        let found = ENGINES.iter().find(|engine| engine.name == name);
                        found.ok_or(format!("no engine is called `{name}`"))
                    })
                    .collect::<Result<_, _>>()?;
            }
            _ => return Err(format!("`{word}` is no option")),
        }
    }
    Ok(args)
}

fn numbers(text: &str) -> Result<Vec<u64>, String> {
    let number = |part: &str| {
        let digits = part.replace('_', "");
        let number: Option<u64> = digits.parse().ok().filter(|number| *number > 0);
        number.ok_or(format!("`{part}` is no count"))
    };
    text.split(',').map(number).collect()
}
