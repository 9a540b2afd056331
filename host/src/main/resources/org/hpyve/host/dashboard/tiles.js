// The host as a whole, in a few numbers.

import { bytes, count, element, isFlagged, rate, setText } from './format.js';

const sum = (rows, of) => rows.reduce((total, row) => total + of(row), 0);

const TILES = [
  { label: 'Interpreters', value: (rows) => count(rows.length), more: (rows) => `${rows.filter((r) => r.running).length} running` },
  {
    label: 'Pools',
    value: (rows, pools) => `${sum(pools, (p) => p.active)} of ${sum(pools, (p) => p.max)}`,
    more: (rows, pools) => `in use, ${count(sum(pools, (p) => p.pending))} waiting`,
    absent: (pools) => pools.length === 0,
  },
  { label: 'Open handles', value: (rows) => count(sum(rows, (r) => r.open)), more: () => 'now' },
  { label: 'Handles opened', value: (rows) => rate(sum(rows, (r) => r.opened)), more: () => 'a second' },
  { label: 'Extension calls', value: (rows) => rate(sum(rows, (r) => r.calls)), more: () => 'a second' },
  { label: 'Calls into Java', value: (rows) => rate(sum(rows, (r) => r.crossings.upcalls)), more: () => 'a second' },
  { label: 'Native memory', value: (rows) => bytes(sum(rows, (r) => r.nativeBytes)), more: () => 'held by extensions' },
  { label: 'Tasks', value: (rows) => rate(sum(rows, (r) => r.tasks)), more: (rows) => `a second, ${count(sum(rows, (r) => r.mailbox))} waiting` },
  {
    label: 'Flagged',
    value: (rows) => count(rows.filter(isFlagged).length),
    more: (rows) => `${rows.filter((r) => r.status === 'leaking').length} leaking`,
    bad: (rows) => rows.some(isFlagged),
  },
];

export class Tiles {
  constructor(list) {
    this.tiles = TILES.map((tile) => {
      const box = element('div', 'tile');
      const value = element('dd', 'value', '–');
      const more = element('dd', 'more');
      box.append(element('dt', '', tile.label), value, more);
      list.append(box);
      return { ...tile, box, nodes: { value, more } };
    });
  }

  show(rows, pools) {
    for (const tile of this.tiles) {
      setText(tile.nodes.value, tile.value(rows, pools));
      setText(tile.nodes.more, tile.more(rows, pools));
      tile.box.hidden = tile.absent?.(pools) ?? false;
      tile.box.classList.toggle('bad', tile.bad?.(rows) ?? false);
    }
  }
}
