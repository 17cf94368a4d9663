// Asks one engine for all that the plan names, with the clock running only while the engine works. Every answer is
// compared with the oracle's before its time is told.
//
// An engine is a module with a default export:
//   init()              loads it; before the file is chosen
//   ingest(file)        resolves to the number of lines, once they can be asked for
//   views(state)        resolves to { totals, channel, region, category, status, sku, day }, see `difference`
//   append(rows)        takes new lines; views asked afterwards hold them
//   brush?              ways to brush, each { start(state)?, step(state), end()? }; else `views` is asked at each step
//   lines(rows)?        what `append` is given, made of the rows before the clock runs
//   note()?             what it wants to be told of it
// A state is { channel: [], category: [], region: [], brush: null | [from, to) }: local time as if it were UTC, in ms.

const engineName = new URLSearchParams(location.search).get('engine');
const bench = (window.bench = { phase: 'starting', stages: {}, epochs: {}, blocked: {}, wrong: [], errors: {} });
// An engine that takes longer is stopped between two steps and reported with what it did.
const STAGE_MS = 30_000;
const LEAST_STEPS = 12;

const json = async path => (await fetch(path)).json();
// A task of its own for what follows: neither steps nor comparisons add up to one long task.
const pause = () => new Promise(done => setTimeout(done, 0));

// ---- what the main thread was kept from

let beat = performance.now();
let gap = 0;
setInterval(() => {
  const now = performance.now();
  gap = Math.max(gap, now - beat);
  beat = now;
}, 4);
const tasks = [];
new PerformanceObserver(list => {
  for (const task of list.getEntries()) tasks.push([task.startTime, task.duration]);
}).observe({ type: 'longtask', buffered: true });

async function stage(name, work) {
  await pause();
  bench.phase = name;
  gap = 0;
  beat = performance.now();
  const start = performance.now();
  try {
    bench.stages[name] = await work();
  } catch (error) {
    bench.errors[name] = String((error && error.stack) || error).slice(0, 2000);
  }
  const end = performance.now();
  gap = Math.max(gap, end - beat);
  const silent = gap;
  await new Promise(done => setTimeout(done, 60));
  const longest = tasks.filter(([at]) => at >= start - 1 && at <= end).map(([, ms]) => ms);
  bench.blocked[name] = { gap_ms: silent, longest_ms: Math.max(0, ...longest) };
  bench.epochs[name] = [performance.timeOrigin + start, performance.timeOrigin + end];
  return !(name in bench.errors);
}

// ---- what is right

const VIEWS = ['channel', 'region', 'category', 'status', 'sku', 'day'];

// What is wrong in an answer, if anything. It leaves nothing to collect: what an engine is timed with is its own. Rows
// are put in the order of their keys, but for the goods, which an engine has ordered.
function difference(answer, truth) {
  if (!isSame(answer.totals, truth.totals)) return `totals ${answer.totals} instead of ${truth.totals}`;
  for (const name of VIEWS) {
    const [rows, right] = [answer[name], truth[name]];
    if (name !== 'sku' && !isSorted(rows)) rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
    let at = 0;
    for (const row of rows) {
      // A group without a line is none.
      if (!(row[row.length - 1] > 0)) continue;
      if (at >= right.length || !isSame(row, right[at])) return `${name} ${row} instead of ${right[at]}`;
      at += 1;
    }
    if (at < right.length) return `${name} without ${right[at]}`;
  }
}

function isSame(row, right) {
  if (row.length !== right.length) return false;
  for (let at = 0; at < row.length; at++) if (row[at] !== right[at]) return false;
  return true;
}

function isSorted(rows) {
  for (let at = 1; at < rows.length; at++) if (!(rows[at - 1][0] < rows[at][0])) return false;
  return true;
}

function check(name, at, answer, truth) {
  const wrong = difference(answer, truth);
  if (wrong) bench.wrong.push(`${name} ${at}: ${wrong}`);
}

// By the time an engine is timed the browser has compiled what judges it: on two cores it would do so beside its steps.
async function warm(truth) {
  for (let turn = 0; turn < 600; turn++) {
    difference(truth[turn % truth.length], truth[turn % truth.length]);
    if (turn % 20 === 0) await pause();
  }
}

/// Times `step` for each item, each in a task of its own, and compares each answer with the oracle's.
async function steps(name, items, truth, step) {
  const ms = [];
  const end = performance.now() + STAGE_MS;
  for (const [at, item] of items.entries()) {
    await pause();
    const start = performance.now();
    const answer = await step(item);
    ms.push(performance.now() - start);
    await pause();
    check(name, at, answer, truth[at]);
    if (performance.now() > end && ms.length >= LEAST_STEPS) break;
  }
  return ms;
}

// ---- the plan

async function brushes(engine, name, states, truth) {
  const ways = engine.brush || { views: { step: state => engine.views(state) } };
  const out = {};
  for (const [way, { start, step, end }] of Object.entries(ways)) {
    const began = performance.now();
    await start?.({ ...states[0], brush: null });
    const start_ms = performance.now() - began;
    const ms = await steps(name, states, truth, step);
    await end?.();
    out[way] = { start_ms, ms };
  }
  return out;
}

async function run(engine, plan, truth, file, chosen) {
  const nothing = { channel: [], category: [], region: [], brush: null };
  let first;
  const loaded = await stage('first', async () => {
    const lines = await engine.ingest(file);
    const ingested = performance.now();
    first = await engine.views(nothing);
    const right = performance.now();
    return { lines, ingest_ms: ingested - chosen, cockpit_ms: right - ingested, whole_ms: right - chosen };
  });
  if (!loaded) return;
  check('first', 0, first, truth.first[0]);
  await stage('toggles', async () => ({
    ms: await steps('toggles', plan.toggles, truth.toggles, state => engine.views(state)),
  }));
  await stage('brush', () => brushes(engine, 'brush', plan.brush, truth.brush));
  await stage('linked', () => brushes(engine, 'linked', plan.linked, truth.linked));
  await engine.views(nothing);
  let batches = (await json('batches.json')).map(rows => (engine.lines ? engine.lines(rows) : rows));
  await stage('stream', async () => {
    const ms = await steps('stream', batches, truth.stream, async batch => {
      await engine.append(batch);
      return engine.views(nothing);
    });
    return { ms, lines: ms.length * plan.batch };
  });
}

async function main() {
  const plan = await json('plan.json');
  const truth = await json('truth.json');
  await warm(truth.toggles);
  const engine = (await import(`./engines/${engineName}.js`)).default;
  const began = performance.now();
  await engine.init();
  bench.init_ms = performance.now() - began;
  document.querySelector('input').addEventListener('change', async event => {
    const chosen = performance.now();
    const [file] = event.target.files;
    try {
      await run(engine, plan, truth, file, chosen);
    } catch (error) {
      bench.errors.harness = String((error && error.stack) || error);
    }
    bench.note = engine.note?.();
    bench.phase = 'done';
  });
  bench.phase = 'ready';
}

main().catch(error => {
  bench.errors.init = String((error && error.stack) || error);
  bench.phase = 'done';
});
