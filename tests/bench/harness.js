// Asks one engine for all that the plan names, with the clock running only while the engine works. Every answer is
// compared with the oracle's before its time is told.
//
// An engine is a module with a default export:
//   init()              loads it; before the file is chosen
//   ingest(file)        resolves to the number of lines, once they can be asked for
//   views(state)        resolves to { totals, channel, region, category, status, sku, day }, see `canonical`
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

// ---- the one form in which answers are compared

function canonical(answer) {
  const out = [`totals,${answer.totals.join(',')}\n`];
  const byKey = (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
  const view = (name, rows) => {
    for (const row of rows) out.push(`${name},${row.join(',')}\n`);
  };
  // A group without a line is none.
  const sorted = rows => rows.filter(row => row[row.length - 1] > 0).sort(byKey);
  for (const name of ['channel', 'region', 'category', 'status']) view(name, sorted(answer[name]));
  view('sku', answer.sku);
  view('day', sorted(answer.day));
  return out.join('');
}

async function compare(name, answers) {
  const truth = await json(`truth/${name}.json`);
  answers.forEach((answer, at) => {
    if (answer === truth[at]) return;
    const lines = [answer, truth[at]].map(text => (text || '').split('\n'));
    const first = lines[1].findIndex((line, i) => line !== lines[0][i]);
    bench.wrong.push(`${name} ${at}: "${lines[0][first]}" instead of "${lines[1][first]}"`);
  });
}

/// Times `step` for each item, each in a task of its own.
async function steps(items, step) {
  const [ms, answers] = [[], []];
  const end = performance.now() + STAGE_MS;
  for (const item of items) {
    await pause();
    const start = performance.now();
    const answer = await step(item);
    ms.push(performance.now() - start);
    await pause();
    answers.push(canonical(answer));
    if (performance.now() > end && ms.length >= LEAST_STEPS) break;
  }
  return [ms, answers];
}

// ---- the plan

async function brushes(engine, name, states) {
  const ways = engine.brush || { views: { step: state => engine.views(state) } };
  const out = {};
  for (const [way, { start, step, end }] of Object.entries(ways)) {
    const began = performance.now();
    await start?.({ ...states[0], brush: null });
    const start_ms = performance.now() - began;
    const [ms, answers] = await steps(states, step);
    await end?.();
    await compare(name, answers);
    out[way] = { start_ms, ms };
  }
  return out;
}

async function run(engine, plan, file, chosen) {
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
  await compare('first', [canonical(first)]);
  await stage('toggles', async () => {
    const [ms, answers] = await steps(plan.toggles, state => engine.views(state));
    await compare('toggles', answers);
    return { ms };
  });
  await stage('brush', () => brushes(engine, 'brush', plan.brush));
  await stage('linked', () => brushes(engine, 'linked', plan.linked));
  await engine.views(nothing);
  let batches = (await json('batches.json')).map(rows => (engine.lines ? engine.lines(rows) : rows));
  await stage('stream', async () => {
    const [ms, answers] = await steps(batches, async batch => {
      await engine.append(batch);
      return engine.views(nothing);
    });
    await compare('stream', answers);
    return { ms, lines: ms.length * plan.batch };
  });
}

async function main() {
  const plan = await json('plan.json');
  const engine = (await import(`./engines/${engineName}.js`)).default;
  const began = performance.now();
  await engine.init();
  bench.init_ms = performance.now() - began;
  document.querySelector('input').addEventListener('change', async event => {
    const chosen = performance.now();
    const [file] = event.target.files;
    try {
      await run(engine, plan, file, chosen);
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
