// Keeps a half-written record on this device until the portal has it, and shows the promise's boxes when there is one.
// Without this file everything is shown and nothing is kept.

const SEVEN_DAYS = 7 * 24 * 60 * 60 * 1000;
// Tells the portal that this device has the words, so that it need not keep them if the sign-in has ended.
const KEPT = "kept-on-device";

function stored(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && Date.now() - draft.at < SEVEN_DAYS) return draft;
    localStorage.removeItem(key);
  } catch {
    // A device that keeps nothing, or something unreadable: there is no draft.
  }
  return null;
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

function kept() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function day(at) {
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

// The page after a record was logged names the form that it came from: that draft has done its work.
function forgetSent() {
  const sent = document.querySelector("[data-draft-sent]")?.dataset.draftSent;
  if (!sent) return;
  for (const key of kept()) {
    if (key.startsWith("engagement-log:") && stored(key)?.answers.submission?.[0] === sent) forget(key);
  }
}

function answersOf(form) {
  const answers = {};
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrfmiddlewaretoken" && name !== KEPT) (answers[name] ??= []).push(value);
  }
  return answers;
}

function fill(form, answers) {
  for (const box of form.elements) {
    if (!box.name || box.name === "csrfmiddlewaretoken") continue;
    const values = answers[box.name] ?? [];
    if (box.type === "checkbox" || box.type === "radio") box.checked = values.includes(box.value);
    else if (values.length) box.value = values[0];
    if (box.checked) box.closest("details")?.setAttribute("open", "");
  }
}

function offer(form, key, draft, start) {
  const place = form.querySelector("[data-draft-offer]");
  const words = document.createElement("p");
  words.textContent = `A record that you began on ${day(draft.at)} at ${clock(draft.at)} is kept on this device. It is not logged.`;
  const group = document.createElement("div");
  group.className = "ds_button-group";
  const button = (label, css, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `ds_button ds_button--small ${css}`;
    made.textContent = label;
    made.addEventListener("click", () => {
      act();
      place.hidden = true;
      start();
      form.querySelector("textarea")?.focus();
    });
    group.append(made);
  };
  button("Go on with it", "", () => {
    fill(form, draft.answers);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  button("Throw it away", "ds_button--secondary", () => forget(key));
  place.replaceChildren(words, group);
  place.hidden = false;
}

function startDraft(form) {
  const key = form.dataset.draft;
  const state = form.querySelector("[data-draft-state]");
  let waiting;
  let keeping = false;
  let isKept = false;

  function keep() {
    if (!keeping) {
      state.textContent = "Not kept yet: first choose above what happens to the record that you began before.";
      return;
    }
    try {
      const at = Date.now();
      localStorage.setItem(key, JSON.stringify({ at, answers: answersOf(form) }));
      isKept = true;
      state.textContent = `Not logged yet. Kept on this device at ${clock(at)}.`;
    } catch {
      state.textContent = "Not logged yet. This device keeps no draft.";
    }
  }

  const start = () => {
    keeping = true;
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 400);
  });
  form.addEventListener("submit", keep);
  form.addEventListener("formdata", (event) => {
    if (isKept) event.formData.set(KEPT, "on");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) keep();
  });

  const draft = stored(key);
  if (draft && !("draftSentBack" in form.dataset)) offer(form, key, draft, start);
  else start();
}

function startPromise(form) {
  const boxes = form.querySelector("[data-when-promised]");
  const show = () => {
    boxes.hidden = form.elements.promised.value !== "yes";
  };
  form.addEventListener("change", show);
  show();
}

forgetSent();
const form = document.querySelector("form[data-draft]");
if (form) {
  startDraft(form);
  startPromise(form);
}
