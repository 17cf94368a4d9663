// DuckDB-Wasm in its worker: typed columns, enumerations, one statement for all seven views (as fast as seven or as
// GROUPING SETS, and one way there and back), and for the brush also the cubes that Mosaic would make. The build with
// one thread reads the file in place; the one with threads fails on a file handle and is given the bytes.
import * as duckdb from '@duckdb/duckdb-wasm';
import * as arrow from 'apache-arrow';
import { COLUMNS, DIMS } from './shared.js';

const TYPES = {
  order_id: 'BIGINT',
  created_at: 'TIMESTAMP',
  paid_at: 'TIMESTAMP',
  shipped_at: 'TIMESTAMP',
  quantity: 'INTEGER',
  unit_price: 'DECIMAL(9,2)',
  paid_amount: 'DECIMAL(9,2)',
};
const names = COLUMNS.map(([, name]) => name);
// By key of the group, and what is shown of it.
const VIEWS = {
  channel: ['channel', 'gmv', 'lines'],
  region: ['region', 'gmv', 'lines'],
  category: ['category', 'gmv', 'units'],
  status: ['status', 'lines'],
  sku: ['sku', 'units'],
  day: ["strftime(day, '%Y-%m-%d')", 'gmv', 'lines'],
};
// Texts with few values. SKUs stay text: a stream brings new ones, which an enumeration refuses.
const ENUMS = ['channel', 'region', 'category', 'status'];
const GROUP = { day: 'day' };
const SUMS = { gmv: 'sum(cents)', lines: 'count(*)', units: 'sum(quantity)' };
const CUBED = { gmv: 'sum(gmv)', lines: 'sum(lines)', units: 'sum(units)' };
const options = new URLSearchParams(location.search);
const bundle = options.get('bundle') || 'eh';
let db, link;

const asks = sql => link.query(sql);
const instant = ms => `epoch_ms(${ms}::BIGINT)::TIMESTAMP`;
const quoted = text => `'${text.replaceAll("'", "''")}'`;

// With threads, the first statement after the memory has grown may fail ("offset is out of bounds", a stale view of it
// in the worker): one that changes nothing is asked until it does not.
let unsettled = 0;
async function settle() {
  for (let turn = 0; turn < 5; turn++) {
    try {
      return await asks('SELECT 1');
    } catch (error) {
      if (!String(error).includes('out of bounds')) throw error;
      unsettled += 1;
      link = await db.connect();
    }
  }
}

// The condition of all clauses but that of `own`.
function where(state, own) {
  const parts = DIMS.filter(name => name !== own && state[name].length).map(
    name => `${name} IN (${state[name].map(quoted).join()})`,
  );
  if (state.brush && own !== 'day') {
    parts.push(`created_at >= ${instant(state.brush[0])} AND created_at < ${instant(state.brush[1])}`);
  }
  return parts.length ? `WHERE ${parts.join(' AND ')}` : '';
}

// One view as rows (view, key, a, b): doubles hold every sum exactly.
function part(name, sums, source, condition) {
  const [key, a, b] = VIEWS[name];
  const order = name === 'sku' ? `ORDER BY a DESC, k LIMIT 20` : '';
  const sql = `SELECT '${name}' AS v, ${key}::VARCHAR AS k, (${sums[a]})::DOUBLE AS a, ${b ? `(${sums[b]})::DOUBLE` : 'NULL::DOUBLE'} AS b,
    NULL::DOUBLE AS c, NULL::DOUBLE AS d FROM ${source} ${condition} GROUP BY ${GROUP[name] || key} ${order}`;
  return order ? `(SELECT * FROM (${sql}))` : sql;
}

const totals = (source, condition, [lines, gmv, units, orders]) =>
  `SELECT 'totals' AS v, NULL::VARCHAR AS k, (${lines})::DOUBLE AS a, coalesce(${gmv}, 0)::DOUBLE AS b,
    coalesce(${units}, 0)::DOUBLE AS c, (${orders})::DOUBLE AS d FROM ${source} ${condition}`;

function answer(table) {
  const out = { channel: [], region: [], category: [], status: [], sku: [], day: [] };
  const [v, k, a, b, c, d] = ['v', 'k', 'a', 'b', 'c', 'd'].map(name => table.getChild(name));
  for (let row = 0; row < table.numRows; row++) {
    const view = v.get(row);
    if (view === 'totals') out.totals = [a.get(row), b.get(row), c.get(row), d.get(row)];
    else out[view].push(b.get(row) === null ? [k.get(row), a.get(row)] : [k.get(row), a.get(row), b.get(row)]);
  }
  // UNION ALL keeps no order.
  out.sku.sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
  return out;
}

async function views(state) {
  const parts = Object.keys(VIEWS).map(name => part(name, SUMS, 'lines', where(state, name)));
  const all = totals('lines', where(state), [SUMS.lines, SUMS.gmv, SUMS.units, 'count(DISTINCT order_id)']);
  return answer(await asks([all, ...parts].join(' UNION ALL ')));
}

// ---- cubes: each view's groups by day, made when the brush is taken up; its own view does not move

let days;
const cubes = {
  async start(state) {
    for (const name of Object.keys(VIEWS).filter(name => name !== 'day')) {
      await asks(`CREATE OR REPLACE TEMP TABLE cube_${name} AS SELECT day, ${name}, sum(cents) AS gmv, count(*) AS lines,
        sum(quantity) AS units FROM lines ${where(state, name)} GROUP BY day, ${name} ORDER BY day`);
    }
    // All lines of an order have one time, so that orders can be added up over days.
    await asks(`CREATE OR REPLACE TEMP TABLE cube_totals AS SELECT day, sum(cents) AS gmv, count(*) AS lines,
      sum(quantity) AS units, count(DISTINCT order_id) AS orders FROM lines ${where(state)} GROUP BY day ORDER BY day`);
    days = answer(await asks(part('day', SUMS, 'lines', where(state, 'day')))).day;
  },
  async step(state) {
    const [from, to] = state.brush;
    const condition = `WHERE day >= ${instant(from)}::DATE AND day < ${instant(to)}::DATE`;
    const parts = Object.keys(VIEWS)
      .filter(name => name !== 'day')
      .map(name => part(name, CUBED, `cube_${name}`, condition));
    const all = totals('cube_totals', condition, ['coalesce(sum(lines), 0)', 'sum(gmv)', 'sum(units)', 'coalesce(sum(orders), 0)']);
    return { ...answer(await asks([all, ...parts].join(' UNION ALL '))), day: days };
  },
  async end() {
    for (const name of [...Object.keys(VIEWS).filter(name => name !== 'day'), 'totals']) await asks(`DROP TABLE cube_${name}`);
  },
};

export default {
  async init() {
    const url = name => new URL(`../vendor/duckdb/${name}`, import.meta.url).href;
    const worker = new Worker(url(`duckdb-browser-${bundle}.worker.js`));
    db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
    await db.instantiate(url(`duckdb-${bundle}.wasm`), bundle === 'coi' ? url('duckdb-browser-coi.pthread.worker.js') : null);
    link = await db.connect();
  },

  async ingest(file) {
    if (bundle === 'coi') await db.registerFileBuffer('orders.csv', new Uint8Array(await file.arrayBuffer()));
    else await db.registerFileHandle('orders.csv', file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
    const types = COLUMNS.map(([header, name]) => `${quoted(header)}: ${quoted(TYPES[name] || 'VARCHAR')}`);
    const named = COLUMNS.map(([header, name]) => `"${header}" AS ${name}`);
    await asks('SET preserve_insertion_order = false');
    await asks(`CREATE TABLE lines AS SELECT ${named}, (unit_price * 100)::INTEGER * quantity AS cents, created_at::DATE AS day
      FROM read_csv('orders.csv', header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, columns = {${types}})`);
    await settle();
    // Grouping by codes takes half the time of grouping by texts.
    for (const name of ENUMS) {
      await asks(`CREATE TYPE ${name}_name AS ENUM (SELECT DISTINCT ${name} FROM lines ORDER BY ${name})`);
      await asks(`ALTER TABLE lines ALTER COLUMN ${name} SET DATA TYPE ${name}_name`);
    }
    const count = await asks('SELECT count(*)::INTEGER AS n FROM lines');
    return count.getChild('n').get(0);
  },

  views,

  brush: { cubes, views: { step: views } },

  async append(rows) {
    const column = (name, type, value) => [name, arrow.vectorFromArray(rows.map(row => value(row[name])), type)];
    const same = value => value;
    const millis = text => (text ? Date.parse(`${text.replace(' ', 'T')}Z`) : null);
    const cents = value => value;
    const vectors = names.map(name => {
      if (name === 'order_id') return column(name, new arrow.Int64(), BigInt);
      if (name.endsWith('_at')) return column(name, new arrow.TimestampMillisecond(), millis);
      if (name === 'quantity') return column(name, new arrow.Int32(), same);
      if (TYPES[name]) return column(name, new arrow.Float64(), cents);
      return column(name, new arrow.Utf8(), same);
    });
    vectors.push(['cents', arrow.vectorFromArray(rows.map(row => Math.round(row.unit_price * 100) * row.quantity), new arrow.Int32())]);
    vectors.push(['day', arrow.vectorFromArray(rows.map(row => Math.floor(millis(row.created_at) / 86_400_000)), new arrow.Int32())]);
    const table = new arrow.Table(Object.fromEntries(vectors));
    await link.insertArrowTable(table, { name: 'batch', create: true });
    await asks(`INSERT INTO lines SELECT * REPLACE (DATE '1970-01-01' + day AS day) FROM batch`);
    await asks('DROP TABLE batch');
  },

  note: () => `${bundle} bundle; ${unsettled} times after growing`,
};
