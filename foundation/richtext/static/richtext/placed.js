// Blocks that the page offers by name, to be shown where the text is read: a card in the text, chosen from a dialog.
// The text box names the address of the offers: <textarea data-richtext data-placed="…">. Without it cards are still kept.

export function placedBlocks(lib, field) {
  const { Node, crel } = lib
  const offers = offersAt(field.dataset.placed)
  const cards = new Set()
  let known = new Map()
  offers.then(
    ({ titles }) => {
      known = titles
      cards.forEach((card) => card.name(known))
    },
    () => {}, // the cards keep the words that the text has for them
  )

  return Node.create({
    name: "placedBlock",
    group: "placed", // stands between blocks, never in a list or a table
    atom: true,
    draggable: true,

    addAttributes() {
      return {
        reference: {
          default: "",
          parseHTML: (element) => element.dataset.block,
          renderHTML: ({ reference }) => ({ "data-block": reference }),
        },
        words: { default: "", parseHTML: (element) => element.textContent.trim(), rendered: false },
      }
    },

    parseHTML() {
      return [{ tag: "p[data-block]", priority: 100 }]
    },

    renderHTML({ node, HTMLAttributes }) {
      return ["p", HTMLAttributes, node.attrs.words]
    },

    addNodeView() {
      return (props) => {
        const card = new Card(crel, props)
        cards.add(card)
        card.name(known)
        return card.view(() => cards.delete(card))
      }
    },

    addMenuItems({ buttons, menu }) {
      if (!field.dataset.placed) return
      menu.defineItem({
        name: "placedBlock",
        groups: "insert",
        priority: 10,
        button: buttons.material("insert_chart", "Insert live figures"),
        command: (editor) => {
          new Chooser(crel, editor.view.dom.closest(".prose-editor"), offers).ask().then((offer) => {
            if (offer) insert(editor, offer)
            else editor.commands.focus()
          })
        },
      })
    },
  })
}

// The offers by group, and the title of each by its name. Asked for once.
async function offersAt(address) {
  if (!address) return { groups: [], titles: new Map() }
  const answer = await fetch(address, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(`The list of figures was answered with ${answer.status}`)
  const { groups } = await answer.json()
  return { groups, titles: new Map(groups.flatMap((group) => group.offers.map((offer) => [offer.reference, offer.title]))) }
}

// Behind the block that one is in, or in its place if it is an empty paragraph; there is always a line to write on after.
function insert(editor, { reference, words }) {
  const { $from, to } = editor.state.selection
  const block = $from.depth ? $from.node(1) : null
  const isEmpty = block?.type.name === "paragraph" && !block.content.size
  const place = block ? { from: isEmpty ? $from.before(1) : $from.after(1), to: $from.after(1) } : { from: to, to }
  const isLast = place.to === editor.state.doc.content.size
  const content = [{ type: "placedBlock", attrs: { reference, words } }]
  if (isLast) content.push({ type: "paragraph" })
  editor.chain().insertContentAt(place, content).setNodeSelection(place.from).focus().run()
}

class Card {
  #crel
  #editor
  #node
  #title
  #remove
  #dom

  constructor(crel, { node, editor, getPos }) {
    this.#crel = crel
    this.#editor = editor
    this.#node = node
    this.#title = crel("strong", { textContent: node.attrs.words })
    const remove = crel("button", { type: "button", className: "prose-placed__remove", textContent: "Take out" })
    remove.addEventListener("click", () => {
      const from = getPos()
      editor.chain().focus().deleteRange({ from, to: from + node.nodeSize }).run()
    })
    this.#dom = crel("div", { className: "prose-placed", contentEditable: "false", role: "group" }, [
      crel("p", {}, [this.#title]),
      crel("p", { className: "prose-placed__hint", textContent: "Shown with its figures in the preview and to readers." }),
      remove,
    ])
    this.#remove = remove
  }

  name(titles) {
    const { reference, words } = this.#node.attrs
    const title = titles.get(reference)
    this.#title.textContent = title ? `Live figures: ${title}` : words
    this.#dom.setAttribute("aria-label", this.#title.textContent)
    this.#remove.setAttribute("aria-label", `Take out ${this.#title.textContent}`)
  }

  view(forget) {
    return {
      dom: this.#dom,
      selectNode: () => {
        this.#dom.classList.add("ProseMirror-selectednode")
        this.#say(`${this.#title.textContent}. Delete takes it out.`)
      },
      deselectNode: () => {
        this.#dom.classList.remove("ProseMirror-selectednode")
        this.#say("")
      },
      stopEvent: (event) => this.#remove.contains(event.target),
      ignoreMutation: () => true,
      destroy: () => {
        if (this.#dom.classList.contains("ProseMirror-selectednode")) this.#say("")
        forget()
      },
    }
  }

  // Tells a screen reader which card the arrow keys have reached.
  #say(words) {
    const wrapper = this.#editor.options.element
    let said = wrapper.querySelector(":scope > .prose-placed__said")
    if (!said) {
      said = this.#crel("p", { className: "prose-placed__said visually-hidden", role: "status" })
      wrapper.append(said)
    }
    said.textContent = words
  }
}

let choosers = 0

class Chooser {
  #crel
  #dialog
  #search
  #found
  #list
  #fault
  #offers

  constructor(crel, wrapper, offers) {
    const id = `prose-placed-${++choosers}`
    this.#crel = crel
    this.#offers = offers
    this.#search = crel("input", { type: "search", id: `${id}-search`, autocomplete: "off" })
    this.#found = crel("p", { className: "prose-placed__found", role: "status" })
    this.#fault = crel("p", { className: "prose-placed__fault", role: "alert" })
    this.#list = crel("div", { className: "prose-placed__list" })
    const cancel = crel("button", { type: "button", textContent: "Cancel" })
    cancel.addEventListener("click", () => this.#dialog.close())
    const form = crel("form", {}, [
      crel("h2", { id: `${id}-title`, className: "prose-editor-dialog-title", textContent: "Insert live figures" }),
      crel("label", { htmlFor: `${id}-search`, textContent: "Search in their names" }),
      this.#search,
      this.#found,
      this.#list,
      this.#fault,
      crel("div", { className: "prose-editor-dialog-buttons" }, [
        crel("button", { type: "submit", textContent: "Insert" }),
        cancel,
      ]),
    ])
    this.#dialog = crel("dialog", { className: "prose-editor-dialog prose-placed__dialog", "aria-labelledby": `${id}-title` }, [form])
    wrapper.append(this.#dialog)
    this.#search.addEventListener("input", () => this.#narrow())
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#choose()
    })
  }

  // The offer that was chosen, or nothing if one thought better of it.
  ask() {
    this.#found.textContent = "The list is being read."
    this.#offers.then(
      ({ groups }) => this.#show(groups),
      () => (this.#found.textContent = "The list could not be read. Save your text, open the page again and try once more."),
    )
    return new Promise((resolve) => {
      this.#dialog.addEventListener("close", () => {
        const chosen = this.#chosen()
        this.#dialog.remove()
        resolve(this.#dialog.returnValue === "insert" && chosen ? JSON.parse(chosen.dataset.offer) : null)
      })
      this.#dialog.showModal()
      this.#search.focus()
    })
  }

  #show(groups) {
    const crel = this.#crel
    const name = `${this.#search.id}-offer`
    for (const group of groups) {
      if (!group.offers.length) continue
      const rows = group.offers.map((offer) => {
        const radio = crel("input", { type: "radio", name, value: offer.reference, "data-offer": JSON.stringify(offer) })
        const note = offer.note ? [crel("span", { className: "prose-placed__note", textContent: ` (${offer.note})` })] : []
        return crel("label", { className: "prose-placed__offer" }, [radio, " ", offer.title, ...note])
      })
      this.#list.append(crel("fieldset", {}, [crel("legend", { textContent: group.title }), ...rows]))
    }
    this.#narrow()
  }

  #narrow() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean)
    let count = 0
    for (const group of this.#list.querySelectorAll("fieldset")) {
      const title = group.querySelector("legend").textContent.toLowerCase()
      let any = false
      for (const row of group.querySelectorAll("label")) {
        const text = `${title} ${row.textContent.toLowerCase()}`
        row.hidden = !words.every((word) => text.includes(word))
        if (row.hidden) row.querySelector("input").checked = false
        else count += 1
        any ||= !row.hidden
      }
      group.hidden = !any
    }
    this.#found.textContent = count === 1 ? "One found." : `${count || "None"} found.`
  }

  #chosen() {
    return this.#list.querySelector("input:checked")
  }

  #choose() {
    const left = this.#list.querySelectorAll("label:not([hidden]) input")
    if (!this.#chosen() && left.length === 1) left[0].checked = true
    if (this.#chosen()) this.#dialog.close("insert")
    else this.#fault.textContent = "Choose what shall be shown."
  }
}
