// crossfilter2 with PapaParse, on the main thread as its documentation has it. Values are typed columns of codes, records
// are row numbers: several times faster and smaller than a record object a line.
import crossfilter from 'crossfilter2';
import Papa from 'papaparse';
import { COLUMNS, DAY_MS, DIMS, dayText, stamp, top20 } from './shared.js';

// A column that grows by doubling.
class Column {
  constructor(Type) {
    this.data = new Type(1 << 16);
    this.length = 0;
  }
  push(value) {
    if (this.length === this.data.length) {
      const larger = new this.data.constructor(this.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }
}

// Texts by code.
class Dict {
  constructor() {
    this.codes = new Map();
    this.texts = [];
    this.column = new Column(Int32Array);
  }
  push(text) {
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.texts.length;
      // A copy: a slice would keep the text of the whole file alive.
      const own = (' ' + text).slice(1);
      this.codes.set(own, code);
      this.texts.push(own);
    }
    this.column.push(code);
  }
}

class Times {
  constructor() {
    this.column = new Column(Float64Array);
  }
  push(text) {
    this.column.push(stamp(text));
  }
}

class Numbers {
  constructor(scale) {
    this.scale = scale;
    this.column = new Column(Int32Array);
  }
  push(value) {
    this.column.push(value === '' || value === null ? -1 : Math.round(value * this.scale));
  }
}

const MAKE = {
  created_at: () => new Times(),
  paid_at: () => new Times(),
  shipped_at: () => new Times(),
  quantity: () => new Numbers(1),
  unit_price: () => new Numbers(100),
  paid_amount: () => new Numbers(100),
};
const names = COLUMNS.map(([, name]) => name);
const columns = {};
let filter, dims, groups, totals, set;

// Sums of groups; the columns are looked up anew, since growing replaces them.
const add = (sums, row) => {
  const [quantity, price] = [columns.quantity.column.data[row], columns.unit_price.column.data[row]];
  sums.gmv += quantity * price;
  sums.units += quantity;
  sums.lines += 1;
  return sums;
};
const remove = (sums, row) => {
  const [quantity, price] = [columns.quantity.column.data[row], columns.unit_price.column.data[row]];
  sums.gmv -= quantity * price;
  sums.units -= quantity;
  sums.lines -= 1;
  return sums;
};
const zero = () => ({ gmv: 0, units: 0, lines: 0 });

function prepare() {
  const codes = name => row => columns[name].column.data[row];
  dims = { day: filter.dimension(codes('created_at')) };
  groups = { day: dims.day.group(ms => Math.floor(ms / DAY_MS)).reduce(add, remove, zero) };
  for (const name of ['channel', 'category', 'region', 'status', 'sku']) {
    dims[name] = filter.dimension(codes(name));
    groups[name] = dims[name].group().reduce(add, remove, zero);
  }
  // Distinct orders: lines of each order that are in.
  let held = new Int32Array(1 << 16);
  totals = filter.groupAll().reduce(
    (sums, row) => {
      const order = columns.order_id.column.data[row];
      if (order >= held.length) {
        const larger = new Int32Array(Math.max(columns.order_id.texts.length, held.length * 2));
        larger.set(held);
        held = larger;
      }
      if (held[order]++ === 0) sums.orders += 1;
      return add(sums, row);
    },
    (sums, row) => {
      if (--held[columns.order_id.column.data[row]] === 0) sums.orders -= 1;
      return remove(sums, row);
    },
    // The groups are made anew on the first line after none: counts have to start with them.
    () => {
      held.fill(0);
      return { ...zero(), orders: 0 };
    },
  );
  set = { channel: '', category: '', region: '', brush: '' };
}

export default {
  async init() {
    for (const name of names) columns[name] = MAKE[name] ? MAKE[name]() : new Dict();
  },

  async ingest(file) {
    // Papa.parse(File) breaks a Chinese character that a chunk ends in.
    const text = await file.text();
    const into = names.map(name => columns[name]);
    let head = true;
    Papa.parse(text, {
      skipEmptyLines: true,
      chunkSize: 4 << 20,
      chunk({ data }) {
        for (const row of data) {
          if (head) {
            head = false;
            continue;
          }
          for (let at = 0; at < 16; at++) into[at].push(row[at]);
        }
      },
    });
    const lines = columns.order_id.column.length;
    filter = crossfilter(Array.from({ length: lines }, (_, row) => row));
    return lines;
  },

  async views(state) {
    if (!dims) prepare();
    for (const name of DIMS) {
      const keys = state[name].join();
      if (keys === set[name]) continue;
      set[name] = keys;
      const codes = new Set(state[name].map(key => columns[name].codes.get(key)));
      if (codes.size === 0) dims[name].filterAll();
      else if (codes.size === 1) dims[name].filterExact([...codes][0]);
      else dims[name].filterFunction(code => codes.has(code));
    }
    const brush = String(state.brush || '');
    if (brush !== set.brush) {
      set.brush = brush;
      if (state.brush) dims.day.filterRange(state.brush);
      else dims.day.filterAll();
    }
    const rows = (name, row) => {
      const { texts } = columns[name];
      return groups[name].all().map(({ key, value }) => row(texts[key], value));
    };
    const all = totals.value();
    return {
      totals: [all.lines, all.gmv, all.units, all.orders],
      channel: rows('channel', (key, sums) => [key, sums.gmv, sums.lines]),
      region: rows('region', (key, sums) => [key, sums.gmv, sums.lines]),
      category: rows('category', (key, sums) => [key, sums.gmv, sums.units]),
      status: rows('status', (key, sums) => [key, sums.lines]),
      sku: top20(rows('sku', (key, sums) => [key, sums.units])),
      day: groups.day.all().map(({ key, value }) => [dayText(key), value.gmv, value.lines]),
    };
  },

  async append(rows) {
    const from = columns.order_id.column.length;
    for (const row of rows) for (const name of names) columns[name].push(row[name]);
    filter.add(Array.from({ length: rows.length }, (_, at) => from + at));
  },
};
