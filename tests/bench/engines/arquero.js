// Arquero, on the main thread as its documentation has it: numbers in typed columns, the groups of each view made once
// and kept while filters change.
import * as aq from 'arquero';
import { COLUMNS, DAY_MS, DIMS, dayText, stamp, top20 } from './shared.js';

const { op } = aq;
const VIEWS = {
  channel: { gmv: op.sum('gmv'), lines: op.count() },
  region: { gmv: op.sum('gmv'), lines: op.count() },
  category: { gmv: op.sum('gmv'), units: op.sum('quantity') },
  status: { lines: op.count() },
  sku: { units: op.sum('quantity') },
  day: { gmv: op.sum('gmv'), lines: op.count() },
};
const TOTALS = { lines: op.count(), gmv: op.sum('gmv'), units: op.sum('quantity'), orders: op.distinct('order') };
const TIMES = ['created_at', 'paid_at', 'shipped_at'];
let table, grouped;
const orders = new Map();

// The columns of `raw`, numbers as typed arrays, with what views are made of.
function typed(raw) {
  const columns = Object.fromEntries(COLUMNS.map(([, name]) => [name, raw[name]]));
  for (const name of TIMES) columns[name] = Float64Array.from(raw[name]);
  const { length } = raw.order_id;
  columns.quantity = Int32Array.from(raw.quantity);
  columns.unit_price = Float64Array.from(raw.unit_price);
  columns.paid_amount = Float64Array.from(raw.paid_amount, value => value ?? NaN);
  const [gmv, day, order] = [new Float64Array(length), new Int32Array(length), new Int32Array(length)];
  for (let row = 0; row < length; row++) {
    gmv[row] = Math.round(columns.unit_price[row] * 100) * columns.quantity[row];
    day[row] = Math.floor(columns.created_at[row] / DAY_MS);
    let code = orders.get(raw.order_id[row]);
    if (code === undefined) orders.set(raw.order_id[row], (code = orders.size));
    order[row] = code;
  }
  return aq.table({ ...columns, gmv, day, order });
}

const group = () => {
  grouped = Object.fromEntries(Object.keys(VIEWS).map(name => [name, table.groupby(name)]));
};

// What is kept but for the clause of `own`, as an expression that Arquero compiles; empty: all.
function kept(state, own) {
  const text = JSON.stringify;
  const parts = DIMS.filter(name => name !== own && state[name].length).map(
    name => `(${state[name].map(key => `d.${name} === ${text(key)}`).join(' || ')})`,
  );
  if (state.brush && own !== 'day') parts.push(`d.created_at >= ${state.brush[0]} && d.created_at < ${state.brush[1]}`);
  return parts.join(' && ');
}

const filtered = (table, expression) => (expression ? table.filter(`d => ${expression}`) : table);

export default {
  async init() {},

  async ingest(file) {
    const text = await file.text();
    const same = value => value;
    const parse = Object.fromEntries(
      COLUMNS.map(([header, name]) => [header, TIMES.includes(name) ? stamp : same]),
    );
    for (const header of ['数量', '单价', '实付金额']) parse[header] = value => (value ? +value : NaN);
    const read = aq.fromCSV(text, { autoType: false, parse });
    table = typed(Object.fromEntries(COLUMNS.map(([header, name]) => [name, read.array(header)])));
    return table.numRows();
  },

  async views(state) {
    if (!grouped) group();
    const answer = {};
    for (const [name, measures] of Object.entries(VIEWS)) {
      const view = filtered(grouped[name], kept(state, name)).rollup(measures);
      const keys = view.array(name);
      const values = Object.keys(measures).map(measure => view.array(measure));
      answer[name] = Array.from(keys, (key, at) => [name === 'day' ? dayText(key) : key, ...values.map(v => v[at])]);
    }
    answer.sku = top20(answer.sku);
    const all = filtered(table, kept(state)).rollup(TOTALS).object();
    answer.totals = [all.lines, all.gmv ?? 0, all.units ?? 0, all.orders];
    return answer;
  },

  async append(rows) {
    const raw = {};
    for (const [, name] of COLUMNS) raw[name] = rows.map(TIMES.includes(name) ? row => stamp(row[name]) : row => row[name]);
    table = table.concat(typed(raw));
    group();
  },
};
