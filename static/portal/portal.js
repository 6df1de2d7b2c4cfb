// Starts the few things that need a script. Every page works without this file.

const script = document.getElementById("portal-script");

// The design system's own start-up also starts a link tracker, so each component is started by hand,
// and its code is fetched only by pages that have one.
async function startComponents(root) {
  const found = root.querySelectorAll("[data-module^='ds-']");
  if (!found.length) return;
  const { DatePicker, CharacterCount, Checkboxes } = await import(script.dataset.components);
  const kinds = {
    "ds-datepicker": DatePicker,
    "ds-character-count": CharacterCount,
    "ds-checkboxes": Checkboxes,
  };
  for (const element of found) {
    const Component = kinds[element.dataset.module];
    if (Component && !element.classList.contains("js-instantiated")) new Component(element).init();
  }
}

// An address with a #fragment takes the focus away while the page loads, so this waits until that is over.
function focusFirstSummary() {
  const summary = document.querySelector("[data-focus-first]");
  if (!summary) return;
  if (document.readyState === "complete") summary.focus();
  else window.addEventListener("load", () => setTimeout(() => summary.focus()), { once: true });
}

// On a narrow screen navigation folds behind a button, and Escape folds it again; without this script it stays open.
function startMenus() {
  for (const button of document.querySelectorAll("[data-menu]")) {
    const menu = document.getElementById(button.getAttribute("aria-controls"));
    const show = (open) => {
      button.setAttribute("aria-expanded", String(open));
      menu.classList.toggle("is-open", open);
    };
    button.hidden = false;
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !menu.classList.contains("is-open")) return;
      show(false);
      button.focus();
    });
  }
}

// Menus made of <details> close on Escape, on a click elsewhere and when the focus leaves them.
function startDrops() {
  const drops = document.querySelectorAll("[data-drop]");
  for (const drop of drops) {
    drop.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drop.open) return;
      event.preventDefault();
      drop.open = false;
      drop.querySelector("summary").focus();
    });
    drop.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !drop.contains(event.relatedTarget)) drop.open = false;
    });
  }
  document.addEventListener("click", (event) => {
    for (const drop of drops) if (!drop.contains(event.target)) drop.open = false;
  });
}

// Ctrl and K go to the search box, unless somebody is typing. A key alone would be pressed by mistake, and by those who
// speak to their computer (WCAG 2.1.4).
function startShortcut() {
  const box = document.querySelector("[data-shortcut]");
  if (!box) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== box.dataset.shortcut || !event.ctrlKey || event.shiftKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
  });
}

// Buttons that print the page are of no use without a script, so they begin hidden.
function startPrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

startMenus();
startDrops();
startShortcut();
startPrintButtons();
startComponents(document);
focusFirstSummary();

document.addEventListener("htmx:afterSwap", (event) => {
  startComponents(event.detail.elt);
  if (event.detail.elt.querySelector("[data-focus-first]")) focusFirstSummary();
});
