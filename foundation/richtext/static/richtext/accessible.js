// Names, roles and keys that the editor lacks: one tab stop for the buttons, a way out of the text, a name for each
// dialog. The hint under the label tells people of Alt+F10 and Escape.

const TOGGLES = {
  heading2: "Heading 2",
  heading3: "Heading 3",
  heading4: "Heading 4",
  paragraph: "Paragraph",
  bulletList: "Bullet list",
  orderedList: "Numbered list",
  blockquote: "Quotation",
  bold: "Bold",
  italic: "Italic",
  subscript: "Subscript",
  superscript: "Superscript",
  link: "Link",
  footnote: "Footnote",
}
const NAMES = {
  ...TOGGLES,
  unlink: "Remove the link",
  picture: "Insert a picture",
  "picture:describe": "Describe the picture",
  "picture:remove": "Remove the picture",
  placedBlock: "Insert live figures",
  table: "Insert a table",
  "table:headingRow": "Headings in the first row",
  "table:headingColumn": "Headings in the first column",
  "table:toggleHeaderCell": "Heading or ordinary cell",
  "table:deleteTable": "Delete the table",
  "history:undo": "Undo",
  "history:redo": "Redo",
}

const KEYS = { footnote: ["Control+Alt+F", "Ctrl, Alt and F"] }

// Attributes of the text box. It takes over the field's id, so that links from the error summary lead into it.
export function nameTheText(field) {
  const attributes = { id: field.id, role: "textbox", "aria-multiline": "true" }
  const label = labelOf(field)
  if (label) {
    label.id ||= `${field.id}-label`
    attributes["aria-labelledby"] = label.id
  }
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (field.hasAttribute(name)) attributes[name] = field.getAttribute(name)
  }
  return attributes
}

export function makeAccessible(editor, field) {
  const dom = editor.view.dom
  const wrapper = dom.closest(".prose-editor")
  const label = labelOf(field)
  field.id = `${field.id}-html`
  label?.addEventListener("click", (event) => {
    event.preventDefault()
    editor.commands.focus()
  })
  wayOut(dom, new Toolbar(editor, wrapper, label?.textContent.trim() ?? "Text"))
  nameDialogs(wrapper)
}

function labelOf(field) {
  return document.querySelector(`label[for="${field.id}"]`)
}

class Toolbar {
  #editor
  #wrapper
  #name
  #bar = null
  #current = ""

  constructor(editor, wrapper, name) {
    this.#editor = editor
    this.#wrapper = wrapper
    this.#name = name
    const show = () => requestAnimationFrame(() => this.#show())
    editor.on("transaction", show)
    show()
  }

  enter() {
    this.#buttons().find((button) => button.tabIndex === 0)?.focus()
  }

  #buttons() {
    return [...(this.#bar?.querySelectorAll("button") ?? [])].filter((button) => !button.classList.contains("hidden"))
  }

  // The menu is there only after the editor's first transaction; its state is said each time that something changed.
  #show() {
    const bar = this.#wrapper.querySelector(".prose-menubar")
    if (!bar) return
    if (bar !== this.#bar) {
      this.#bar = bar
      bar.setAttribute("role", "toolbar")
      bar.setAttribute("aria-label", `${this.#name}: formatting`)
      bar.addEventListener("keydown", (event) => this.#onKey(event))
    }
    for (const button of bar.querySelectorAll("button")) {
      const name = button.dataset.name
      const words = NAMES[name] ?? button.title
      button.title = name in KEYS ? `${words} (${KEYS[name][1]})` : words
      if (name in KEYS) button.setAttribute("aria-keyshortcuts", KEYS[name][0])
      button.setAttribute("aria-label", words)
      if (name in TOGGLES) button.setAttribute("aria-pressed", String(button.classList.contains("active")))
      button.setAttribute("aria-disabled", String(button.classList.contains("disabled")))
    }
    this.#oneTabStop()
  }

  #oneTabStop() {
    const buttons = this.#buttons()
    const current = buttons.find((button) => button.dataset.name === this.#current) ?? buttons[0]
    for (const button of this.#bar.querySelectorAll("button")) button.tabIndex = button === current ? 0 : -1
  }

  #onKey(event) {
    const buttons = this.#buttons()
    const place = buttons.indexOf(document.activeElement)
    const places = {
      ArrowRight: (place + 1) % buttons.length,
      ArrowLeft: (place - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }
    if (event.key === "Escape") {
      event.preventDefault()
      this.#editor.commands.focus()
    } else if (place >= 0 && event.key in places) {
      event.preventDefault()
      const next = buttons[places[event.key]]
      this.#current = next.dataset.name
      this.#oneTabStop()
      next.focus()
    }
  }
}

// Tab means something inside lists and tables. After Escape it leaves the text, as everywhere else (WCAG 2.1.2).
function wayOut(dom, toolbar) {
  let leaving = false
  dom.addEventListener(
    "keydown",
    (event) => {
      if (event.altKey && event.key === "F10") {
        event.preventDefault()
        toolbar.enter()
      } else if (event.key === "Escape") {
        leaving = true
      } else if (event.key === "Tab" && leaving) {
        event.stopImmediatePropagation()
        leaving = false
      } else if (event.key !== "Shift") {
        leaving = false
      }
    },
    true,
  )
}

function nameDialogs(wrapper) {
  let number = 0
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        const dialog = node.nodeType === Node.ELEMENT_NODE && node.querySelector("dialog:not([aria-labelledby])")
        const title = dialog && dialog.querySelector(".prose-editor-dialog-title")
        if (!title) continue
        title.id = `${wrapper.querySelector("[role=textbox]").id}-dialog-${++number}`
        dialog.setAttribute("aria-labelledby", title.id)
      }
    }
  }).observe(wrapper, { childList: true, subtree: true })
}
