// The engine of Stockpit without its page. Types and units: stockpit-engine.d.ts beside this file.
// Everything happens in a worker on this device; nothing is fetched but the engine itself.

const worker = () => new Worker(new URL('./library_loader.js', import.meta.url), { type: 'module' });

/** Starts an engine. Rejects with what is wrong with the options, or why the engine does not start. */
export async function open(options = {}) {
  const engine = new Engine(worker());
  await engine.ready;
  await engine.call('open', JSON.stringify(options));
  return engine;
}

/** Rows as CSV, the form that the engine reads fastest. */
function table(rows) {
  const names = [...rows.reduce((names, row) => (Object.keys(row).forEach((name) => names.add(name)), names), new Set())];
  const cell = (value) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n\t;|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const line = (values) => values.map(cell).join(',') + '\n';
  return line(names) + rows.map((row) => line(names.map((name) => row[name]))).join('');
}

class Engine {
  #worker;
  #waiting = new Map();
  #next = 1;

  constructor(worker) {
    this.#worker = worker;
    this.ready = new Promise((resolve, reject) => {
      // Its first message says that it runs; messages sent before that would be lost.
      worker.onmessage = () => {
        worker.onmessage = ({ data }) => this.#receive(data);
        resolve();
      };
      worker.onerror = (event) => {
        const error = new Error(event.message || 'the engine has stopped');
        reject(error);
        this.#fail(error);
      };
    });
  }

  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #receive(data) {
    if (!Array.isArray(data)) return;
    const [number, json, numbers] = data;
    const waiting = this.#waiting.get(number);
    if (!waiting) return;
    const answer = JSON.parse(json);
    if (answer.progress) {
      waiting.onProgress?.(answer.progress);
      return;
    }
    this.#waiting.delete(number);
    if (answer.error) waiting.reject(new Error(answer.error));
    else waiting.resolve({ answer, numbers });
  }

  call(name, argument, file, onProgress) {
    if (!this.#worker) return Promise.reject(new Error('the engine was closed'));
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject, onProgress });
      // Bytes are given away, not copied; a blob is none.
      this.#worker.postMessage([number, name, argument, file], file?.buffer ? [file.buffer] : []);
    });
  }

  async ingest(file, { name = file.name ?? 'data', onProgress } = {}) {
    return (await this.call('ingest', JSON.stringify(name), file, onProgress)).answer;
  }

  async append(rows) {
    return (await this.call('append', '', new TextEncoder().encode(table(rows)))).answer;
  }

  async query(query) {
    const { answer, numbers } = await this.call('query', JSON.stringify(query));
    for (const [name, { columns, ...view }] of Object.entries(answer.views)) {
      for (const [name, from, to] of columns) view[name] = numbers?.slice(from, to) ?? new Float64Array();
      answer.views[name] = view;
    }
    return answer;
  }

  async status() {
    return (await this.call('status', '{}')).answer;
  }

  close() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail(new Error('the engine was closed'));
  }
}
