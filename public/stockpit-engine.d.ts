/** The engine of Stockpit without its page: order and stock exports in, exact answers out, on this device. */

export interface Options {
  /** IANA name of the zone in which days are cut; default Asia/Shanghai. */
  zone?: string;
  /** ISO 4217 code of files that do not say their currency. */
  currency?: string;
  /** Minutes after midnight at which a business day begins, 0 to 720. */
  day_starts?: number;
}

export interface Report {
  name: string;
  kind: 'orders' | 'stock' | 'unknown';
  /** The platform whose export it was taken for. */
  profile: string;
  /** `partial`: some rows were refused; `failed`: none was understood. */
  state: 'done' | 'partial' | 'failed' | 'cancelled' | string;
  rows: number;
  accepted: number;
  rejected: number;
  /** Rows that were there already, the same or in a later version. */
  duplicate: number;
  millis: number;
  failure: string | null;
  /** Of a workbook or archive of several parts: the reports of those behind the first, which this one is of. */
  parts?: Report[];
}

export type Dimension =
  | 'channel' | 'shop' | 'status' | 'category' | 'brand' | 'region' | 'warehouse' | 'sku' | 'fulfilment';
export type Decimal = 'amount' | 'quantity' | 'paid_amount';
export type Grain = 'minute' | '10min' | 'hour' | 'day' | 'week' | 'month';

/** Keys (compared without letter case, but for SKUs) and a text that a key must hold; both must be met. */
export interface KeyClause { in?: string[]; not?: string[]; search?: string }
/** Both ends included; a line that does not say its value fails. Text for more digits than a number has. */
export interface DecimalClause { from?: number | string; to?: number | string }
/** From the first instant to just before the last: milliseconds UTC, RFC 3339, or a local day or time. */
export interface TimeClause { from?: number | string; to?: number | string }

export type Clauses =
  & Partial<Record<Dimension, KeyClause>>
  & Partial<Record<Decimal, DecimalClause>>
  & { created_at?: TimeClause };

/**
 * `lines`, `gmv`, `units_created`, `orders_created`, `cancel_rate`, `active_skus` and `customers` count by the
 * time of order; `paid_amount`, `units`, `orders`, `net_sales`, `aov_order` and `refund_rate` by that of payment.
 * Min, max and quantile (nearest rank) are of single lines.
 */
export type Measure =
  | 'lines' | 'gmv' | 'units_created' | 'orders_created' | 'cancel_rate' | 'active_skus' | 'customers'
  | 'paid_amount' | 'units' | 'orders' | 'net_sales' | 'aov_order' | 'refund_rate'
  | { min: Decimal } | { max: Decimal } | { quantile: [Decimal, number] };

export interface View {
  /** At most two. A view does not see the clauses on what it is grouped by; one by time none on `created_at`. */
  by?: (Dimension | Grain | 'city' | 'currency')[];
  measures: Measure[];
  /** Only so many groups, most of the first measure first (ties by key); the rest becomes `others`. */
  top?: number;
}

export interface Query {
  where?: Clauses;
  views: Record<string, View>;
  /** Adds a column `<measure>@before` of the window this far away; negative: earlier. */
  compare?: { days: number } | { months: number } | { millis: number } | { event: { from: number; onto: number } };
  /** Add up money in this currency only; else all lines, whatever they are in. */
  currency?: string;
}

/**
 * One column a measure, named as asked (`min(amount)`, `quantile(amount,0.5)`), as long as `keys[0]`; not defined is
 * NaN. Sums are exact in the engine, and the nearest number here. Groups without lines are left out; by time they
 * ascend, else the most of the first measure comes first.
 */
export type ViewAnswer = {
  /** Keys of the first and second `by`; empty without. */
  keys: string[][];
  /** What `top` left out: number of groups, and sums of the measures that add up. */
  others?: { groups: number } & Record<string, number>;
} & Record<string, Float64Array>;

export interface Engine {
  /** Reads an export; rows that were there are replaced by key. A file enters whole or not at all. */
  ingest(
    file: Blob,
    options?: { name?: string; onProgress?: (progress: { bytes: number; total: number }) => void },
  ): Promise<Report>;
  /**
   * Enters order lines or stock levels as one step, read like an export: `order_id`, `created_at`, `sku` … Like
   * files, rows are read one lot after the other; a question sees them once their promise is kept.
   */
  append(rows: Record<string, string | number | null>[]): Promise<Report>;
  query(query: Query): Promise<{ views: Record<string, ViewAnswer> }>;
  status(): Promise<{ lines: number; orders: number; stock: number; bytes: number }>;
  /** Ends the worker; open calls are rejected. */
  close(): void;
}

/**
 * Starts an engine in a worker. Until the first rows or the first question it runs itself warm on made-up lines, in
 * steps of a few milliseconds: the sooner it is opened before a file is chosen, the faster the first look.
 */
export function open(options?: Options): Promise<Engine>;
