// Undo and redo. One step is everything that one act of the person changed.

export class History {
  #done = [];
  #undone = [];
  #undo = button("Undo", () => this.back());
  #redo = button("Redo", () => this.forth());

  // `apply(step, side)` puts the texts of one side ("before" or "after") into the boxes; `settle` makes a step of what
  // is still being typed; `onTravel(words, step)` is told what was undone or done again.
  constructor(place, { apply, settle, onTravel }) {
    this.apply = apply;
    this.settle = settle;
    this.onTravel = onTravel;
    place.append(this.#undo, this.#redo);
    this.#show();
  }

  // What `apply` says of the step; 0 if it changes nothing.
  act(words, changes) {
    const step = changes.map(([cell, text]) => ({ cell, before: cell.text, after: text }))
      .filter(({ before, after }) => before !== after);
    if (!step.length) return 0;
    this.#done.push({ words, step });
    this.#undone.length = 0;
    this.#show();
    return this.apply(step, "after");
  }

  back() {
    this.settle();
    this.#travel(this.#done, this.#undone, "before", "undone");
  }

  forth() {
    this.#travel(this.#undone, this.#done, "after", "done again");
  }

  // What the key asks for: Ctrl+Z, Ctrl+Y, Ctrl+Shift+Z; null for any other.
  asked(event) {
    if (!event.ctrlKey && !event.metaKey) return null;
    const key = event.key.toLowerCase();
    if (key === "y" || (key === "z" && event.shiftKey)) return () => this.forth();
    return key === "z" ? () => this.back() : null;
  }

  #travel(from, to, side, told) {
    const last = from.pop();
    if (!last) return;
    to.push(last);
    this.apply(last.step, side);
    this.#show();
    this.onTravel(`${last.words}: ${told}. `, last.step);
  }

  // Not switched off while it has nothing to do: whoever has just pressed it keeps the focus.
  #show() {
    this.#undo.setAttribute("aria-disabled", String(!this.#done.length));
    this.#redo.setAttribute("aria-disabled", String(!this.#undone.length));
  }
}

function button(words, onPress) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "ds_button ds_button--secondary ds_button--small";
  made.textContent = words;
  made.addEventListener("click", onPress);
  return made;
}
