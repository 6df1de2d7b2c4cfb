// What Word, LibreOffice and Google Docs write in their own ways: lists, footnotes, captions, changes and comments.

export function styleOf(element) {
  return element.getAttribute("data-style") ?? ""
}

// A mark leads to its note and the note leads back, whatever program wrote them. The note's words take the mark's place.
export function footnotes(doc) {
  for (const element of doc.querySelectorAll("small")) element.replaceWith(...element.childNodes)
  const found = { notes: 0, withoutWords: 0 }
  const holders = new Set()
  for (const mark of doc.querySelectorAll('a[href^="#"]')) {
    const back = backOf(doc, mark)
    if (!back) {
      if (/^#_(ftn|edn)\d/.test(mark.getAttribute("href"))) {
        mark.remove()
        found.withoutWords += 1
      }
      continue
    }
    const holder = back.closest("div[id]") ?? back.closest("p, li, div") ?? back
    const words = doc.createElement("small")
    back.remove()
    for (const part of holder.matches("p") ? [holder] : holder.querySelectorAll("p, li")) {
      if (words.childNodes.length) words.append(" ")
      words.append(...part.childNodes)
    }
    if (!words.childNodes.length) words.append(...holder.childNodes)
    trimStart(words)
    holders.add(holder)
    const place = mark.parentElement.localName === "sup" && mark.parentElement.textContent === mark.textContent
    ;(place ? mark.parentElement : mark).replaceWith(words)
    found.notes += 1
  }
  for (const holder of holders) holder.remove()
  for (const element of doc.querySelectorAll("div")) {
    if (/mso-element:\s*(foot|end)note-list/i.test(styleOf(element))) element.remove()
  }
  return found
}

function trimStart(element) {
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(/^[\s\u00a0]+/, "")
    if (texts.currentNode.data) return
  }
}

function backOf(doc, mark) {
  const own = mark.getAttribute("name") || mark.id
  const wanted = decodeURIComponent(mark.getAttribute("href").slice(1))
  if (!own || !wanted) return null
  const named = [...doc.querySelectorAll("a[href]")].find((link) => (link.getAttribute("name") || link.id) === wanted)
  const leadsBack = named && decodeURIComponent(named.getAttribute("href").slice(1)) === own
  const comesLater = named && mark.compareDocumentPosition(named) & Node.DOCUMENT_POSITION_FOLLOWING
  return leadsBack && comesLater ? named : null
}

// What somebody took out or said beside the text is no text. Returns how many of each.
export function changesAndComments(doc) {
  const deleted = [...doc.querySelectorAll("del")].filter((element) => element.textContent.trim())
  for (const element of doc.querySelectorAll("del")) element.remove()
  let comments = 0
  for (const element of doc.querySelectorAll("span, div, a")) {
    const style = styleOf(element)
    if (/mso-element:\s*comment(-list)?\b/i.test(style) || /MsoCommentReference/.test(element.className)) {
      if (/mso-element:\s*comment(?!-)/i.test(style)) comments += 1
      element.remove()
    }
  }
  const contents = [...doc.querySelectorAll('p[class*="MsoToc"]')]
  for (const element of contents) element.remove()
  return { deleted: deleted.length, comments, contents: contents.length }
}

// A caption above a table is the table's, one below a picture the picture's. Otherwise it stays a paragraph.
export function captions(doc) {
  for (const caption of doc.querySelectorAll("p.MsoCaption")) {
    const next = caption.nextElementSibling
    const table = next?.localName === "table" ? next : next?.localName === "div" ? onlyTable(next) : null
    if (table && !table.caption) {
      table.createCaption().append(...caption.childNodes)
      caption.remove()
      continue
    }
    const before = caption.previousElementSibling
    const image = before?.querySelector("img")
    if (image && !before.textContent.trim()) {
      const figure = doc.createElement("figure")
      const below = doc.createElement("figcaption")
      below.append(...caption.childNodes)
      before.replaceWith(figure)
      figure.append(image, below)
      caption.remove()
    }
  }
}

// Word's styles for a title and for quotations.
export function titlesAndQuotations(doc) {
  for (const title of doc.querySelectorAll("p.MsoTitle")) {
    const heading = doc.createElement("h1")
    heading.append(...title.childNodes)
    title.replaceWith(heading)
  }
  for (const paragraph of doc.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote")) {
    const before = paragraph.previousElementSibling
    const quotation = before?.localName === "blockquote" ? before : doc.createElement("blockquote")
    if (quotation !== before) paragraph.before(quotation)
    quotation.append(paragraph)
  }
}

function onlyTable(element) {
  const table = element.firstElementChild
  return element.children.length === 1 && table.localName === "table" ? table : null
}

// Word writes a list as paragraphs that carry their level and, in a span of its own, the bullet or number.
export function lists(doc) {
  let open = [] // lists that the next item may join, outermost first
  let last = null
  for (const paragraph of doc.querySelectorAll("p")) {
    const level = levelOfItem(paragraph)
    if (!level) continue
    if (last && paragraph.previousElementSibling !== last.top) open = []
    const item = doc.createElement("li")
    const tag = isNumbered(paragraph) ? "ol" : "ul"
    const number = Number.parseInt(markText(paragraph).replace(/^\(/, ""), 10)
    markOf(paragraph)?.remove()
    const text = doc.createElement("p")
    text.append(...paragraph.childNodes)
    item.append(text)

    open = open.slice(0, level)
    if (open.length === level && open[level - 1].localName !== tag) open.pop()
    const top = open[0]
    if (open.length < level) {
      const list = doc.createElement(tag)
      if (tag === "ol" && number > 1) list.setAttribute("start", number)
      const outer = open.at(-1)
      if (outer) outer.lastElementChild.append(list)
      else paragraph.before(list)
      open.push(list)
    }
    open.at(-1).append(item)
    paragraph.remove()
    last = { top: top ?? open[0] }
  }
}

// The portal numbers headings itself. Returns how many had a number.
export function numbersOfHeadings(doc) {
  const marks = [...doc.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(markOf).filter(Boolean)
  for (const mark of marks) mark.remove()
  return marks.length
}

function levelOfItem(paragraph) {
  const level = /mso-list:[^;]*\blevel(\d)/i.exec(styleOf(paragraph))
  if (level) return Number(level[1])
  return /^MsoListParagraph/.test(paragraph.className) && markOf(paragraph) ? 1 : 0
}

function markOf(paragraph) {
  return [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))
}

function markText(paragraph) {
  return (markOf(paragraph) ?? paragraph).textContent.replaceAll("\u00a0", " ").trim()
}

function isNumbered(paragraph) {
  return /^\(?(\d{1,3}|[a-z]|[ivxlc]+)[.)]/i.test(markText(paragraph))
}
