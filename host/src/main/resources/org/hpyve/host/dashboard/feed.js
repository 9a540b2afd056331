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

  async function begin() {
    ready = false;
    const answer = await fetch('api/interpreters');
    if (!answer.ok) throw new Error(`${answer.status}`);
    listener.snapshot(await answer.json());
    ready = true;
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
      if (ready) listener.happening(JSON.parse(message.data));
    });
  }

  open();
}
