// What the server tells: everything once, and then what changes.

/**
 * Connects, and again whenever the connection was lost.
 *
 * listener.snapshot(data) comes first, and after each new connection; then listener.tick(data) each second and
 * listener.happening(data). listener.state(name) is 'live' or 'lost'.
 */
export function connect(listener) {
  let source;
  let ready = false;
  let retry;
  let early = [];

  async function begin() {
    ready = false;
    early = [];
    const answer = await fetch('api/interpreters');
    if (!answer.ok) throw new Error(`${answer.status}`);
    listener.snapshot(await answer.json());
    ready = true;
    // The snapshot may have some of them already; they have numbers.
    early.forEach((happening) => listener.happening(happening));
    listener.state('live');
  }

  function lost() {
    ready = false;
    listener.state('lost');
    if (source.readyState === EventSource.CLOSED && !retry) {
      // The browser has given up.
      retry = setTimeout(open, 2000);
    }
  }

  function open() {
    retry = undefined;
    source = new EventSource('api/events');
    source.addEventListener('open', () => begin().catch(lost));
    source.addEventListener('error', lost);
    source.addEventListener('tick', (message) => {
      if (ready) listener.tick(JSON.parse(message.data));
    });
    source.addEventListener('happening', (message) => {
      const happening = JSON.parse(message.data);
      if (ready) listener.happening(happening);
      else early.push(happening);
    });
  }

  open();
}
