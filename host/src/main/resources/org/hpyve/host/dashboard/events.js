// What happened, the newest first, and said aloud where it matters.

import { element, time } from './format.js';

const MOST = 200;
const KINDS = {
  created: 'Created',
  closed: 'Closed',
  recycled: 'Recycled',
  killed: 'Killed',
  leaked: 'Leaked',
  operator: 'Operator',
};

/** Screen readers are not told of each interpreter that comes and goes. */
const SPOKEN = new Set(['leaked', 'killed', 'recycled', 'operator']);

export class Events {
  constructor(list, nothing, news) {
    this.list = list;
    this.nothing = nothing;
    this.news = news;
    this.last = 0;
    this.unsaid = [];
  }

  /** All events that the server remembers. */
  begin(happenings) {
    this.list.replaceChildren();
    this.last = 0;
    happenings.forEach((each) => this.#add(each));
  }

  add(happening) {
    if (happening.serial <= this.last) return;
    this.#add(happening);
    if (SPOKEN.has(happening.kind)) this.say(`${KINDS[happening.kind]}: ${happening.interpreter} ${happening.text}`);
  }

  #add(happening) {
    this.last = happening.serial;
    this.nothing.hidden = true;
    const item = element('li', happening.kind);
    const when = element('time', '', time(happening.time));
    when.dateTime = new Date(happening.time).toISOString();
    const who = element('span', 'who', happening.interpreter);
    item.append(element('span', 'kind', KINDS[happening.kind] ?? happening.kind), when, who);
    if (happening.text) item.append(element('span', 'what', happening.text));
    this.list.prepend(item);
    while (this.list.children.length > MOST) this.list.lastChild.remove();
  }

  /** Puts several texts of a short time together: a reader should not be flooded. */
  say(text) {
    this.unsaid.push(text);
    if (this.unsaid.length > 1) return;
    setTimeout(() => {
      const texts = this.unsaid.splice(0);
      const more = texts.length > 3 ? ` And ${texts.length - 3} more.` : '';
      this.news.append(element('p', '', texts.slice(0, 3).join('. ') + more));
      while (this.news.children.length > 5) this.news.firstChild.remove();
    }, 800);
  }
}
