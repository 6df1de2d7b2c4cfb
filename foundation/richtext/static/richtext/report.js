// What a paste brought and what became of it, in numbers and in words.

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, td, th, dt, dd, pre, div, blockquote, caption, figcaption, body"

// How many paragraphs a person sees: blocks with words of their own, whatever blocks stand inside them.
export function blocksOfPage(doc) {
  const seen = new Set()
  const words = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) {
    const block = words.currentNode.textContent.trim() && words.currentNode.parentElement.closest(BLOCKS)
    if (block) seen.add(block)
  }
  return seen.size
}

// The same of what the editor took over, and what of it is what.
export function countsOfSlice(slice) {
  const counts = { blocks: 0, headings: 0, items: 0, tables: 0, notes: 0, pictures: 0 }
  const notes = new Set()
  slice.content.descendants((node) => {
    if (node.isTextblock && node.textContent.trim()) counts.blocks += 1
    if (node.type.name === "heading") counts.headings += 1
    if (node.type.name === "listItem") counts.items += 1
    if (node.type.name === "picture") counts.pictures += 1
    if (node.type.name === "table") {
      counts.tables += 1
      if (node.attrs.caption) counts.blocks += 1
    }
    for (const mark of node.marks) if (mark.type.name === "footnote") notes.add(mark.attrs.number)
  })
  counts.notes = notes.size
  return counts
}

export class Pasted {
  blocks = 0
  picturesMissing = 0
  notes = { notes: 0, withoutWords: 0 }
  left = {}
  pictures = [] // { id, source, alt }, to be uploaded
  kept = null
  uploaded = 0
  undescribed = 0
  refused = []

  static #made = 0

  take(source, alt) {
    const id = `pasted-${++Pasted.#made}`
    this.pictures.push({ id, source, alt })
    return id
  }

  // Whether there is anything to tell: not for a few words that came over as they were.
  get isWorthTelling() {
    const { looks, underlined, ...others } = this.left
    const lost = this.picturesMissing || this.notes.withoutWords || Object.values(others).some(Boolean)
    return lost || this.blocks > 2 || this.kept.blocks !== this.blocks || this.pictures.length || this.kept.tables > 0
  }

  get sentences() {
    const { headings, items, tables, notes, pictures } = this.kept
    const what = [
      count(headings, "heading"),
      count(items, "list item"),
      count(tables, "table"),
      count(notes, "footnote"),
      count(pictures - this.refused.length, "picture"),
    ].filter(Boolean)
    const said = [
      `Pasted ${count(this.blocks, "paragraph") || "no paragraph"}, kept ${this.kept.blocks.toLocaleString("en-GB")}` +
        `${what.length ? `: ${what.join(", ")}` : ""}.`,
    ]
    const dropped = this.#dropped()
    if (dropped.length) said.push(`Dropped: ${dropped.join("; ")}.`)
    if (this.picturesMissing) said.push("Insert missing pictures from their files.")
    const waiting = this.pictures.length - this.uploaded - this.refused.length
    if (waiting) said.push(`${count(waiting, "picture is", "pictures are")} being uploaded.`)
    for (const words of new Set(this.refused)) said.push(`A picture was not taken: ${words}`)
    if (this.undescribed) {
      said.push(
        `${count(this.undescribed, "picture has", "pictures have")} no alternative text yet: describe ` +
          `${this.undescribed === 1 ? "it" : "them"} before the plan is published.`,
      )
    }
    return said
  }

  #dropped() {
    const { looks, underlined, deleted, comments, contents, numbers } = this.left
    return [
      looks && "colours and fonts",
      underlined && "underlining",
      count(this.picturesMissing, "picture that the clipboard does not hold", "pictures that the clipboard does not hold"),
      count(deleted, "passage that was deleted in the document", "passages that were deleted in the document"),
      count(comments, "comment"),
      count(contents, "line of a table of contents", "lines of a table of contents"),
      count(numbers, "number of a heading", "numbers of headings"),
      count(this.notes.withoutWords, "footnote mark without its note", "footnote marks without their notes"),
    ].filter(Boolean)
  }
}

function count(number, one, many = `${one}s`) {
  return number ? `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}` : ""
}

// The place below the text where a paste is told. It is there from the start, so that it is read out when it fills.
export function reportPanel(wrapper, crel) {
  const words = crel("p")
  const live = crel("div", {}, [words])
  live.setAttribute("role", "status")
  const close = crel("button", { type: "button", className: "prose-report__close", textContent: "Hide this" })
  const panel = crel("div", { className: "prose-report" }, [live, close])
  close.hidden = true
  close.addEventListener("click", () => {
    words.textContent = ""
    close.hidden = true
    wrapper.querySelector("[role=textbox]").focus()
  })
  wrapper.append(panel)
  return (pasted) => {
    words.textContent = pasted.sentences.join(" ")
    close.hidden = false
  }
}
