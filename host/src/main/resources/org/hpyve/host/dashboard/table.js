// The table: a row for each slot, kept as long as the slot is there. Only rows that can be seen are drawn.

import { NONE, bytes, count, element, isFlagged, millis, rate, setText, slope, status } from './format.js';
import { Sparkline, onColours } from './charts.js';

const POINTS = 60;

/** After how many seconds a row out of sight is drawn. */
const REFRESH = 10;

/** key; label; of: what to sort by; text: what to show. The first direction of numbers is downwards. */
const COLUMNS = [
  { key: 'status', label: 'Status', of: (r) => status(r.status).rank, down: true },
  { key: 'slot', label: 'Slot', of: (r) => r.slot, text: (r) => `${r.slot}`, number: true },
  { key: 'name', label: 'Name', of: (r) => r.name },
  { key: 'open', label: 'Open handles', of: (r) => r.open, down: true, wide: true },
  { key: 'opened', label: 'Opened/s', of: (r) => r.opened, text: (r) => rate(r.opened), number: true, down: true },
  { key: 'closed', label: 'Closed/s', of: (r) => r.closed, text: (r) => rate(r.closed), number: true, down: true },
  { key: 'slope', label: 'Leak/min', of: (r) => r.slope ?? -Infinity, text: (r) => slope(r.slope), number: true, down: true },
  { key: 'answered', label: 'In C', group: 'API uses/s', of: (r) => r.crossings.answered, text: (r) => rate(r.crossings.answered), number: true, down: true },
  { key: 'deferred', label: 'Deferred', group: 'API uses/s', of: (r) => r.crossings.deferred, text: (r) => rate(r.crossings.deferred), number: true, down: true },
  { key: 'bulk', label: 'Bulk', group: 'API uses/s', of: (r) => r.crossings.bulk, text: (r) => rate(r.crossings.bulk), number: true, down: true },
  { key: 'upcalls', label: 'Upcalls', group: 'API uses/s', of: (r) => r.crossings.upcalls, text: (r) => rate(r.crossings.upcalls), number: true, down: true },
  { key: 'native', label: 'Native', of: (r) => r.nativeBytes, text: (r) => bytes(r.nativeBytes), number: true, down: true },
  { key: 'calls', label: 'Calls/s', of: (r) => r.calls, text: (r) => rate(r.calls), number: true, down: true },
  { key: 'latency', label: 'Task', title: 'Mean time of the tasks of the last second', of: (r) => r.latency ?? -1, text: (r) => millis(r.latency), number: true, down: true },
  { key: 'mailbox', label: 'Mailbox', of: (r) => r.mailbox, text: (r) => count(r.mailbox), number: true, down: true },
  { key: 'tracing', label: 'Tracing', of: (r) => Number(r.tracing), text: (r) => (r.tracing ? 'on' : 'off'), down: true },
];

/** A row of the table, and the interpreter in its slot. */
class Line {
  constructor(slot) {
    this.slot = slot;
    this.values = [];
    this.seen = false;
    this.age = undefined;
    this.node = document.createElement('tr');
    this.node.dataset.slot = slot;
    this.cells = {};
    for (const column of COLUMNS) {
      const cell = element(column.key === 'name' ? 'th' : 'td', column.number ? 'number' : column.key);
      if (column.key === 'name') {
        cell.scope = 'row';
        this.link = element('a');
        this.link.href = `#${slot}`;
        cell.append(this.link);
      } else if (column.key === 'open') {
        this.#openCell(cell);
      } else if (column.key === 'status') {
        this.badge = element('span', 'badge');
        this.icon = element('span', 'icon');
        this.icon.setAttribute('aria-hidden', 'true');
        this.word = element('span');
        this.badge.append(this.icon, this.word);
        cell.append(this.badge);
      }
      this.cells[column.key] = cell;
      this.node.append(cell);
    }
  }

  #openCell(cell) {
    const box = element('div', 'usage');
    this.canvas = element('canvas');
    this.canvas.width = 104;
    this.canvas.height = 26;
    this.canvas.setAttribute('aria-hidden', 'true');
    this.open = element('span', 'open-now');
    this.limit = element('span', 'open-limit');
    this.meter = element('span', 'meter');
    this.share = element('span');
    this.meter.append(this.share);
    const numbers = element('div', 'open-numbers');
    numbers.append(this.open, this.limit, this.meter);
    box.append(this.canvas, numbers);
    cell.append(box);
  }

  /** Takes the numbers of another second. */
  take(row, values) {
    if (this.row && this.row.id !== row.id) this.values = [];
    this.row = row;
    if (values) {
      this.values = values;
    } else {
      this.values.push(row.open);
      if (this.values.length > POINTS) this.values.shift();
    }
    // A row out of sight is for screen readers and searches of the browser: its texts may be some seconds old.
    this.age = this.seen || this.age === undefined ? 0 : this.age + 1;
    if (this.age % REFRESH === 0) this.draw();
  }

  draw() {
    const row = this.row;
    for (const column of COLUMNS) {
      if (column.text) {
        const text = column.text(row);
        setText(this.cells[column.key], text);
        this.cells[column.key].classList.toggle('zero', column.key !== 'slot' && (text === '0' || text === NONE));
      }
    }
    const { icon, text } = status(row.status);
    setText(this.icon, icon);
    setText(this.word, text);
    this.badge.dataset.status = row.status;
    this.node.dataset.status = row.status;
    setText(this.link, row.name);
    setText(this.open, count(row.open));
    this.open.classList.toggle('zero', row.open === 0);
    setText(this.limit, row.limit ? ` of ${count(row.limit)}` : '');
    this.meter.hidden = !row.limit;
    if (row.limit) this.share.style.width = row.open ? `max(1px, ${Math.min(100, (100 * row.open) / row.limit)}%)` : '0';
    this.cells.slope.classList.toggle('rising', row.slope !== null && row.slope >= 1 && row.status === 'leaking');
    this.cells.tracing.classList.toggle('on', row.tracing);
    this.sparkline?.show(this.values, row.limit, row.status === 'leaking');
  }

  /** The row has come into view, or has left it. */
  setSeen(seen) {
    if (seen === this.seen) return;
    this.seen = seen;
    if (seen) {
      this.sparkline = new Sparkline(this.canvas, POINTS);
      if (this.row) this.draw();
    } else {
      this.sparkline.destroy();
      this.sparkline = undefined;
    }
  }

  redraw() {
    if (this.seen) {
      this.setSeen(false);
      this.setSeen(true);
    }
  }

  end() {
    this.setSeen(false);
    this.node.remove();
  }
}

export class Table {
  /** elements: table, scroll, filter, flagged, count, nothing. */
  constructor(elements, say) {
    this.elements = elements;
    this.say = say;
    this.body = elements.table.tBodies[0];
    this.lines = new Map();
    this.sort = { column: COLUMNS[0], down: true };
    this.#head();
    this.observer = new IntersectionObserver(
      (entries) => entries.forEach((entry) => this.lines.get(Number(entry.target.dataset.slot))?.setSeen(entry.isIntersecting)),
      { root: null, rootMargin: '80px' },
    );
    elements.filter.addEventListener('input', () => this.#arrange(true));
    elements.flagged.addEventListener('change', () => this.#arrange(true));
    onColours(() => this.lines.forEach((line) => line.redraw()));
  }

  #head() {
    const head = this.elements.table.tHead;
    const upper = document.createElement('tr');
    const lower = document.createElement('tr');
    let group;
    this.headers = new Map();
    for (const column of COLUMNS) {
      const cell = element('th', column.number ? 'number' : column.key);
      cell.scope = 'col';
      const button = element('button', '', column.label);
      button.type = 'button';
      if (column.title) button.title = column.title;
      const arrow = element('span', 'arrow');
      arrow.setAttribute('aria-hidden', 'true');
      button.append(arrow);
      button.addEventListener('click', () => this.#sortBy(column));
      cell.append(button);
      this.headers.set(column.key, { cell, arrow });
      if (!column.group) {
        cell.rowSpan = 2;
        upper.append(cell);
      } else {
        if (group?.textContent !== column.group) {
          group = element('th', 'group');
          group.append(element('span', '', column.group));
          group.scope = 'colgroup';
          upper.append(group);
        }
        lower.append(cell);
      }
    }
    if (group) group.colSpan = COLUMNS.filter((column) => column.group).length;
    head.append(upper, lower);
    this.#showSort();
  }

  #sortBy(column) {
    const down = this.sort.column === column ? !this.sort.down : Boolean(column.down);
    this.sort = { column, down };
    this.#showSort();
    this.#arrange(true);
    this.say(`Sorted by ${column.label}, ${down ? 'descending' : 'ascending'}`);
  }

  #showSort() {
    for (const [key, { cell, arrow }] of this.headers) {
      const sorted = this.sort.column.key === key;
      if (sorted) cell.setAttribute('aria-sort', this.sort.down ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
      arrow.textContent = sorted ? (this.sort.down ? '▾' : '▴') : '';
    }
  }

  /** rows: all interpreters; recent: the last minute of some, by slot. */
  show(rows, recent) {
    const gone = new Set(this.lines.keys());
    for (const row of rows) {
      gone.delete(row.slot);
      let line = this.lines.get(row.slot);
      if (!line) {
        line = new Line(row.slot);
        this.lines.set(row.slot, line);
      }
      line.take(row, recent?.[row.slot]);
    }
    for (const slot of gone) {
      const line = this.lines.get(slot);
      this.observer.unobserve(line.node);
      line.end();
      this.lines.delete(slot);
    }
    this.#arrange(false);
  }

  /** Whether somebody points at a row, or has come to it with the keyboard: it should not jump away. */
  #isHeld() {
    return this.body.matches(':hover') || this.body.contains(document.activeElement);
  }

  #arrange(now) {
    const { filter, flagged, count: counter, nothing } = this.elements;
    const wanted = filter.value.trim().toLowerCase();
    const shown = [];
    for (const line of this.lines.values()) {
      const fits = line.row.name.toLowerCase().includes(wanted) && (!flagged.checked || isFlagged(line.row));
      if (fits) {
        shown.push(line);
      } else if (line.node.isConnected) {
        this.observer.unobserve(line.node);
        line.setSeen(false);
        line.node.remove();
      }
    }
    const held = !now && this.#isHeld();
    if (!held) this.#order(shown);
    let before = this.body.firstElementChild;
    for (const line of shown) {
      if (!line.node.isConnected) {
        this.body.insertBefore(line.node, held ? null : before);
        this.observer.observe(line.node);
      } else if (!held && line.node !== before) {
        this.body.insertBefore(line.node, before);
      } else {
        before = line.node.nextElementSibling;
      }
    }
    setText(counter, shown.length === this.lines.size ? `${shown.length}` : `${shown.length} of ${this.lines.size}`);
    nothing.hidden = shown.length > 0;
  }

  #order(lines) {
    const { column, down } = this.sort;
    const sign = down ? -1 : 1;
    const keys = new Map(lines.map((line) => [line, column.of(line.row)]));
    lines.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      const order = typeof x === 'string' ? x.localeCompare(y, 'en', { numeric: true }) : x === y ? 0 : x < y ? -1 : 1;
      return order * sign || a.slot - b.slot;
    });
  }
}
