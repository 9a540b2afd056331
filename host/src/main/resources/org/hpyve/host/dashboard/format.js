// Numbers as texts. All of them are short, and as wide as others of their column.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const NONE = '–';

export function count(value) {
  return Math.abs(value) < 100000 ? whole.format(value) : short.format(value);
}

export function rate(value) {
  if (value === 0) return '0';
  return Math.abs(value) < 10 ? one.format(value) : count(value);
}

export function slope(value) {
  if (value === null) return NONE;
  if (Math.abs(value) < 0.05) return '0';
  return (value > 0 ? '+' : '−') + rate(Math.abs(value));
}

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return (unit === 0 || rest >= 100 ? whole : one).format(rest) + ' ' + units[unit];
}

export function millis(value) {
  if (value === null || value === undefined) return NONE;
  if (value >= 1000) return one.format(value / 1000) + ' s';
  if (value >= 10) return whole.format(value) + ' ms';
  return value >= 1 ? one.format(value) + ' ms' : whole.format(value * 1000) + ' µs';
}

export function time(epochMillis) {
  return clock.format(new Date(epochMillis));
}

const STATUS = {
  leaking: { icon: '▲', text: 'Leaking', rank: 3 },
  limit: { icon: '◆', text: 'Near limit', rank: 2 },
  open: { icon: '●', text: 'Left open', rank: 1 },
  ok: { icon: '✓', text: 'OK', rank: 0 },
};

export function status(name) {
  return STATUS[name];
}

/** Whether an operator should look at it. */
export function isFlagged(row) {
  return STATUS[row.status].rank >= 2;
}

/** An element with a class and a text. */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Changes a text only if it is another one: what does not change costs no layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
