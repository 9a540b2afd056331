// The page: puts its parts together. Each part has a file of its own.

import { connect } from './feed.js';
import { Detail } from './detail.js';
import { Events } from './events.js';
import { Operator } from './operator.js';
import { Table } from './table.js';
import { Tiles } from './tiles.js';
import { setText } from './format.js';

const byId = (id) => document.getElementById(id);
const STATES = { live: 'Live', lost: 'Connection lost, trying again' };

const events = new Events(byId('events'), byId('no-events'), byId('news'));
const say = (text) => events.say(text);
const tiles = new Tiles(byId('tiles'));
const table = new Table(
  {
    table: byId('table'),
    filter: byId('filter'),
    flagged: byId('flagged'),
    count: byId('count'),
    nothing: byId('nothing'),
  },
  say,
);
const operator = new Operator({
  dialog: byId('ask'),
  form: byId('ask-form'),
  cancel: byId('ask-cancel'),
  text: byId('ask-text'),
  token: byId('token'),
  problem: byId('ask-problem'),
});
const detail = new Detail(byId, operator, say);
const leaking = new Set();
let followed = false;

function show({ interpreters: rows, pools, recentlyOpen: recent }) {
  tiles.show(rows, pools);
  table.show(rows, recent);
  detail.take(rows);
  for (const row of rows) {
    if (row.status !== 'leaking') leaking.delete(row.id);
    else if (!leaking.has(row.id)) {
      leaking.add(row.id);
      say(`${row.name} leaks handles`);
    }
  }
}

connect({
  snapshot(data) {
    events.begin(data.events);
    show(data);
    if (!followed) {
      followed = true;
      detail.follow();
    }
  },
  tick(data) {
    // What nobody sees need not be drawn; the next second brings everything again.
    if (!document.hidden) show(data);
  },
  happening(data) {
    events.add(data);
  },
  state(name) {
    byId('state').dataset.state = name;
    setText(byId('state'), STATES[name]);
  },
});
