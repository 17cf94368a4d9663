// What adapters share: reading the plan's keys and texts. Nothing here is timed apart from its engine.

export const DAY_MS = 86_400_000;

// Header of the file and the names that a row of the stream has.
export const COLUMNS = [
  ['订单编号', 'order_id'],
  ['下单时间', 'created_at'],
  ['付款时间', 'paid_at'],
  ['发货时间', 'shipped_at'],
  ['订单状态', 'status'],
  ['渠道', 'channel'],
  ['店铺名称', 'shop'],
  ['商家编码', 'sku'],
  ['商品名称', 'title'],
  ['类目', 'category'],
  ['品牌', 'brand'],
  ['数量', 'quantity'],
  ['单价', 'unit_price'],
  ['实付金额', 'paid_amount'],
  ['省份', 'region'],
  ['客户编号', 'customer'],
];

// Dimensions that a state may hold a clause on.
export const DIMS = ['channel', 'category', 'region'];

// `2026-01-01 00:00:00` as if it were UTC, in ms; NaN for an empty text. Date.parse would take six times as long.
const days = new Map();
export function stamp(text) {
  if (!text) return NaN;
  const date = text.slice(0, 10);
  let day = days.get(date);
  if (day === undefined) days.set(date, (day = Date.parse(`${date}T00:00:00Z`)));
  const two = at => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
  return day + (two(11) * 3600 + two(14) * 60 + two(17)) * 1000;
}

const texts = new Map();
export function dayText(day) {
  let text = texts.get(day);
  if (text === undefined) texts.set(day, (text = new Date(day * DAY_MS).toISOString().slice(0, 10)));
  return text;
}

// The 20 SKUs with most units; of equal ones the first by name.
export function top20(rows) {
  const first = (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
  return rows.filter(row => row[1] > 0).sort(first).slice(0, 20);
}
