// Perspective in its worker: a typed table, a view a chart, views made once for a set of clauses and updated by appends.
// Another clause needs another view: that is how its own viewer does it.
import perspective from '@perspective-dev/client';
import { COLUMNS, DAY_MS, DIMS, dayText, top20 } from './shared.js';

const HEADER = Object.fromEntries(COLUMNS.map(([header, name]) => [name, header]));
const TYPES = {
  created_at: 'datetime',
  paid_at: 'datetime',
  shipped_at: 'datetime',
  quantity: 'integer',
  unit_price: 'float',
  paid_amount: 'float',
};
const GMV = { gmv: `"${HEADER.unit_price}" * "${HEADER.quantity}"` };
const DAY = { day: `bucket("${HEADER.created_at}", 'D')` };
const LINES = HEADER.sku;
const UNITS = HEADER.quantity;
const SUMS = { gmv: 'sum', [UNITS]: 'sum', [LINES]: 'count', [HEADER.order_id]: 'distinct count' };
const grouped = (name, columns, expressions = {}) => ({
  group_by: [HEADER[name] || name],
  group_rollup_mode: 'flat',
  columns,
  expressions,
  aggregates: Object.fromEntries(columns.map(column => [column, SUMS[column]])),
});
const CONFIG = {
  channel: grouped('channel', ['gmv', LINES], GMV),
  region: grouped('region', ['gmv', LINES], GMV),
  category: grouped('category', ['gmv', UNITS], GMV),
  status: grouped('status', [LINES]),
  sku: grouped('sku', [UNITS]),
  day: grouped('day', ['gmv', LINES], { ...GMV, ...DAY }),
  totals: {
    group_rollup_mode: 'total',
    columns: [LINES, 'gmv', UNITS, HEADER.order_id],
    expressions: GMV,
    aggregates: SUMS,
  },
};
// Text of a file that is given to the table at once.
const SLICE = 32 << 20;
let client, table;
// Views that stand, by name, and the clauses they were made with.
const open = {};

function filter(state, own) {
  const parts = DIMS.filter(name => name !== own && state[name].length).map(name =>
    state[name].length === 1 ? [HEADER[name], '==', state[name][0]] : [HEADER[name], 'in', state[name]],
  );
  if (state.brush && own !== 'day') {
    const [from, to] = state.brush;
    parts.push([HEADER.created_at, '>=', from], [HEADER.created_at, '<', to]);
  }
  return parts;
}

async function view(name, state) {
  const clauses = filter(state, name);
  const key = JSON.stringify(clauses);
  if (open[name]?.key !== key) {
    const old = open[name]?.view;
    const entry = (open[name] = { key, view: await table.view({ ...CONFIG[name], filter: clauses }) });
    await entry.view.on_update(() => entry.changed?.());
    await old?.delete();
  }
  return open[name].view;
}

// Sums of floats come with the dust of 10⁶ additions; the cent is far above it.
const cents = amount => Math.round((amount ?? 0) * 100);

async function rows(name, state) {
  const columns = await (await view(name, state)).to_columns();
  const path = Object.keys(columns).find(column => !(column in SUMS));
  const keys = columns[path] || [];
  return keys.map((key, at) => [
    name === 'day' ? dayText(Math.floor(Number(Array.isArray(key) ? key[0] : key) / DAY_MS)) : Array.isArray(key) ? key[0] : key,
    ...CONFIG[name].columns.map(column => (column === 'gmv' ? cents(columns[column][at]) : columns[column][at])),
  ]);
}

export default {
  async init() {
    const url = name => new URL(`../vendor/perspective/${name}`, import.meta.url).href;
    perspective.init_server(fetch(url('perspective-server.wasm')));
    perspective.init_client(fetch(url('perspective-js.wasm')));
    client = await perspective.worker();
  },

  async ingest(file) {
    table = await client.table(Object.fromEntries(COLUMNS.map(([header, name]) => [header, TYPES[name] || 'string'])));
    const decoder = new TextDecoder();
    let [at, head] = [0, ''];
    while (at < file.size) {
      const bytes = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
      const end = at + bytes.length < file.size ? bytes.lastIndexOf(10) + 1 : bytes.length;
      const text = decoder.decode(bytes.subarray(0, end));
      if (at === 0) head = text.slice(0, text.indexOf('\n') + 1);
      await table.update(at === 0 ? text : head + text, { format: 'csv' });
      at += end;
    }
    // An update is answered before it is done; a view counts only after it.
    const all = await table.view({ columns: [HEADER.order_id] });
    const lines = await all.num_rows();
    await all.delete();
    return lines;
  },

  async views(state) {
    const names = ['channel', 'region', 'category', 'status', 'sku', 'day'];
    const all = names.map(name => rows(name, state));
    const sums = view('totals', state).then(view => view.to_columns());
    const answer = Object.fromEntries((await Promise.all(all)).map((rows, at) => [names[at], rows]));
    answer.sku = top20(answer.sku);
    const one = await sums;
    answer.totals = [one[LINES][0] ?? 0, cents(one.gmv[0]), one[UNITS][0] ?? 0, one[HEADER.order_id][0] ?? 0];
    return answer;
  },

  lines: rows => rows.map(row => Object.fromEntries(COLUMNS.map(([header, name]) => [header, row[name]]))),

  async append(rows) {
    // An update is answered before the views have changed.
    const changed = Object.values(open).map(entry => new Promise(done => (entry.changed = done)));
    await table.update(rows);
    await Promise.all(changed);
  },
};
