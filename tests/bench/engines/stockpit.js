// Ours, as anyone can embed it.
import { DIMS, dayText, DAY_MS } from './shared.js';

// Local time of the file is UTC + 8 all year.
const ZONE_MS = 8 * 3_600_000;
// The engine names states by id, the file in the platform's words.
const WORDS = {
  created: '待付款',
  paid: '待发货',
  shipped: '已发货',
  completed: '交易成功',
  cancelled: '交易关闭',
  refunding: '退款中',
  refunded: '退款成功',
};
const IDS = Object.fromEntries(Object.entries(WORDS).map(([id, word]) => [word, id]));
const VIEWS = {
  totals: { measures: ['lines', 'gmv', 'units_created', 'orders_created'] },
  channel: { by: ['channel'], measures: ['gmv', 'lines'] },
  region: { by: ['region'], measures: ['gmv', 'lines'] },
  category: { by: ['category'], measures: ['gmv', 'units_created'] },
  status: { by: ['status'], measures: ['lines'] },
  sku: { by: ['sku'], measures: ['units_created'], top: 20 },
  day: { by: ['day'], measures: ['gmv', 'lines'] },
};
let engine;

// Amounts are in currency units, exact to a cent in a double of this size.
const cents = amount => Math.round(amount * 100);
const day = key => (typeof key === 'number' ? dayText(Math.floor((key + ZONE_MS) / DAY_MS)) : key);

export default {
  async init() {
    const { open } = await import(new URL('../dist/stockpit-engine.js', import.meta.url).href);
    engine = await open({ zone: 'Asia/Shanghai', currency: 'CNY' });
  },

  async ingest(file) {
    const report = await engine.ingest(file, {});
    if (report.state !== 'done' || report.rejected || report.duplicate) throw new Error(JSON.stringify(report));
    return report.accepted;
  },

  async views(state) {
    const where = {};
    for (const name of DIMS) if (state[name].length) where[name] = { in: state[name] };
    if (state.brush) {
      const [from, to] = state.brush;
      where.created_at = { from: from - ZONE_MS, to: to - ZONE_MS };
    }
    const { views } = await engine.query({ where, views: VIEWS });
    const rows = ({ keys: [names] }, key, a, b) =>
      Array.from(names, (name, at) => (b ? [key(name), a(at), b(at)] : [key(name), a(at)]));
    const same = name => name;
    const gmv = ({ gmv }) => at => cents(gmv[at]);
    const lines = ({ lines }) => at => lines[at];
    const units = ({ units_created }) => at => units_created[at];
    const { totals } = views;
    return {
      totals: [totals.lines[0], cents(totals.gmv[0]), totals.units_created[0], totals.orders_created[0]],
      channel: rows(views.channel, same, gmv(views.channel), lines(views.channel)),
      region: rows(views.region, same, gmv(views.region), lines(views.region)),
      category: rows(views.category, same, gmv(views.category), units(views.category)),
      status: rows(views.status, id => WORDS[id] ?? id, lines(views.status)),
      sku: rows(views.sku, same, units(views.sku)),
      day: rows(views.day, day, gmv(views.day), lines(views.day)),
    };
  },

  lines: rows => rows.map(row => ({ ...row, status: IDS[row.status] ?? row.status })),

  append: rows => engine.append(rows),
};
