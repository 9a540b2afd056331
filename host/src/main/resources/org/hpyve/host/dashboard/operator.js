// What somebody with the token may do. The token stays in this tab.

const KEY = 'hpyve-token';

export class Operator {
  constructor(elements) {
    this.elements = elements;
    elements.form.addEventListener('submit', (event) => {
      event.preventDefault();
      elements.dialog.close(elements.token.value);
    });
    elements.cancel.addEventListener('click', () => elements.dialog.close(''));
  }

  /** Asks for the token if need be; resolves to true if it was done, false if the operator did not want to. */
  async act(path, what) {
    let token = sessionStorage.getItem(KEY);
    let problem = '';
    for (;;) {
      if (!token) token = await this.#ask(what, problem);
      if (!token) return false;
      const answer = await fetch(path, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
      if (answer.ok) {
        sessionStorage.setItem(KEY, token);
        return true;
      }
      const said = (await answer.json().catch(() => ({}))).error ?? `the server answers ${answer.status}`;
      if (answer.status !== 403) throw new Error(said);
      sessionStorage.removeItem(KEY);
      token = null;
      problem = `Refused: ${said}.`;
    }
  }

  #ask(what, problem) {
    const { dialog, text, token, problem: place } = this.elements;
    text.textContent = what;
    place.textContent = problem;
    place.hidden = !problem;
    token.value = '';
    dialog.returnValue = '';
    dialog.showModal();
    token.focus();
    return new Promise((resolve) => {
      dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true });
    });
  }
}
