// One interpreter in a dialog, which #slot opens. Its numbers come with each second, its handles when asked for.

import { bytes, count, element, millis, rate, setText, slope, status } from './format.js';
import { TimeChart, onColours } from './charts.js';

const POINTS = 300;

const CHARTS = [
  { title: 'Open handles', series: [{ key: 'open', label: 'open' }, { key: 'limit', label: 'limit', limit: true }], format: count },
  { title: 'Handles a second', series: [{ key: 'opened', label: 'opened' }, { key: 'closed', label: 'closed' }], format: rate },
  { title: 'Extension calls a second', series: [{ key: 'calls', label: 'calls' }], format: rate },
  { title: 'Calls into Java a second', series: [{ key: 'upcalls', label: 'upcalls' }], format: rate },
  { title: 'Mean time of a task', series: [{ key: 'latency', label: 'time', dots: true }], format: millis },
  { title: 'Native memory', series: [{ key: 'nativeBytes', label: 'bytes' }], format: bytes, binary: true },
];

const FACTS = [
  ['Status', (r) => `${status(r.status).icon} ${status(r.status).text}`],
  ['Open handles', (r) => count(r.open) + (r.limit ? ` of ${count(r.limit)}` : '')],
  ['Most open', (r) => count(r.peak)],
  ['Leak a minute', (r) => slope(r.slope)],
  ['Native memory', (r) => bytes(r.nativeBytes) + (r.nativeLimit ? ` of ${bytes(r.nativeLimit)}` : '')],
  ['Fields', (r, d) => count(d.fields)],
  ['Globals', (r, d) => count(d.globals)],
  ['Waiting tasks', (r) => count(r.mailbox)],
  ['CPU', (r) => `${Math.round(r.cpu * 100)} %`],
  ['Tracing', (r) => (r.tracing ? 'on' : 'off')],
];

export class Detail {
  /** byId: finds elements; operator: what acts; say: tells screen readers. */
  constructor(byId, operator, say) {
    this.byId = byId;
    this.operator = operator;
    this.say = say;
    this.dialog = byId('detail');
    this.charts = [];
    this.facts = FACTS.map(([label]) => {
      const box = document.createElement('div');
      const value = element('dd');
      box.append(element('dt', '', label), value);
      byId('facts').append(box);
      return value;
    });
    byId('close').addEventListener('click', () => this.dialog.close());
    byId('again').addEventListener('click', () => this.#list());
    byId('trace').addEventListener('click', () => this.#trace());
    byId('recycle').addEventListener('click', () => this.#recycle());
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.dialog.addEventListener('close', () => this.#closed());
    addEventListener('hashchange', () => this.follow());
    onColours(() => this.charts.length && this.#draw());
  }

  /** Shows the interpreter that the address says. */
  follow() {
    const slot = /^#(\d+)$/.exec(location.hash)?.[1];
    if (slot) this.#open(Number(slot));
    else if (this.dialog.open) this.dialog.close();
  }

  async #open(slot) {
    this.slot = slot;
    this.row = undefined;
    const answer = await fetch(`api/interpreters/${slot}`).catch(() => undefined);
    if (this.slot !== slot) return;
    if (!answer?.ok) {
      this.say(`There is no interpreter in slot ${slot}`);
      this.#closed();
      return;
    }
    this.data = await answer.json();
    this.data.history.limit = [];
    this.#show(this.data.interpreter);
    if (!this.dialog.open) this.dialog.showModal();
    this.#draw();
    const { actions } = this.data;
    this.byId('trace').hidden = !actions;
    this.byId('recycle').hidden = !actions;
    this.#problem('');
    this.#table('calls', Object.entries(this.data.calls).map(([module, calls]) => [module, count(calls)]), 'No calls yet.', [1]);
    this.#list();
  }

  #closed() {
    if (this.slot === undefined) return;
    const slot = this.slot;
    this.slot = undefined;
    this.row = undefined;
    this.#destroy();
    if (location.hash) history.pushState(null, '', location.pathname + location.search);
    document.querySelector(`tr[data-slot="${slot}"] a`)?.focus({ preventScroll: true });
  }

  #destroy() {
    this.charts.forEach((chart) => chart.destroy());
    this.charts = [];
    this.byId('charts').replaceChildren();
  }

  #draw() {
    this.#destroy();
    this.charts = CHARTS.map((each) => new TimeChart(this.byId('charts'), each, POINTS));
    this.#chart();
  }

  #chart() {
    const { history } = this.data;
    // Far below its limit, a line would be flat.
    const near = this.row.limit && Math.max(...history.open) * 4 >= this.row.limit;
    history.limit = near ? history.open.map(() => this.row.limit) : [];
    this.charts.forEach((chart) => chart.show(history));
  }

  /** The numbers of another second. */
  take(rows) {
    if (this.slot === undefined || !this.row) return;
    const row = rows.find((each) => each.slot === this.slot);
    if (!row) {
      setText(this.byId('detail-state'), 'It has been closed.');
      return;
    }
    if (row.id !== this.row.id) {
      this.#open(this.slot);
      return;
    }
    const next = { ...row, upcalls: row.crossings.upcalls };
    for (const [key, values] of Object.entries(this.data.history)) {
      if (key === 'limit') continue;
      values.push(next[key] ?? null);
      if (values.length > POINTS) values.shift();
    }
    this.#show(row);
    this.#chart();
  }

  #show(row) {
    const tracing = this.row?.tracing;
    this.row = row;
    setText(this.byId('detail-title'), row.name);
    setText(this.byId('detail-state'), `Slot ${row.slot}, interpreter ${row.id}, ${row.running ? 'running' : 'at rest'}`);
    FACTS.forEach(([, text], i) => setText(this.facts[i], text(row, this.data)));
    setText(this.byId('trace'), row.tracing ? 'Stop tracing' : 'Trace leaks');
    this.dialog.dataset.status = row.status;
    if (tracing !== undefined && tracing !== row.tracing) this.#list();
  }

  /** Asks the interpreter for its handles; it answers between two tasks. */
  async #list() {
    const slot = this.slot;
    const note = this.byId('live-note');
    setText(note, 'Waiting for the interpreter');
    const answer = await fetch(`api/interpreters/${slot}/handles`).catch(() => undefined);
    const found = await answer?.json().catch(() => undefined);
    if (this.slot !== slot) return;
    if (!answer?.ok) {
      setText(note, found?.error ?? 'The server does not answer.');
      return;
    }
    setText(note, `At ${new Date().toLocaleTimeString('en-GB')}`);
    this.#table('live', found.live.map((each) => [each.type, each.module || 'nobody in particular', count(each.count)]), 'No handle is open.', [2]);
    setText(this.byId('leaks-note'), found.tracing ? '' : 'Leaks are not traced in this interpreter.');
    this.#table(
      'leaks',
      found.leaks.map((each) => [each.type, each.function, each.pythonFile ? `${each.pythonFile}:${each.pythonLine}` : 'not by Python code', count(each.count)]),
      found.tracing ? 'No leak since tracing began.' : 'Switch tracing on to see which calls leave handles open.',
      [3],
    );
  }

  #table(id, rows, nothing, numbers) {
    const table = this.byId(id);
    const body = table.tBodies[0];
    const columns = table.tHead.rows[0].cells.length;
    body.replaceChildren(
      ...rows.map((texts) => {
        const row = document.createElement('tr');
        texts.forEach((text, i) => row.append(element('td', numbers.includes(i) ? 'number' : '', text)));
        return row;
      }),
    );
    if (rows.length === 0) {
      const cell = element('td', 'nothing', nothing);
      cell.colSpan = columns;
      body.append(document.createElement('tr'));
      body.rows[0].append(cell);
    }
  }

  async #trace() {
    const on = !this.row.tracing;
    await this.#act(`trace?on=${on}&id=${this.row.id}`, `${on ? 'Trace leaks of' : 'Stop tracing leaks of'} ${this.row.name}.`);
  }

  async #recycle() {
    await this.#act(`recycle?id=${this.row.id}`, `Close ${this.row.name}. What it has in memory is lost; a pool makes another one in its place.`);
  }

  async #act(path, what) {
    this.#problem('');
    try {
      if (await this.operator.act(`api/interpreters/${this.slot}/${path}`, what)) this.say(`Done: ${what}`);
    } catch (error) {
      this.#problem(error.message);
    }
  }

  #problem(text) {
    const place = this.byId('detail-problem');
    place.textContent = text;
    place.hidden = !text;
  }
}
