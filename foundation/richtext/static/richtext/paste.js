// Text from Word, Outlook, Google Docs or a web page, brought down to what the editor knows.

const KEPT = new Set(["href", "colspan", "rowspan", "start"])

export function cleanPaste(html) {
  const doc = new DOMParser().parseFromString(withStylesAsData(html), "text/html")
  for (const element of doc.querySelectorAll("script, style, meta, link, xml, title")) element.remove()
  listsFromWord(doc)
  emphasisFromStyles(doc)
  for (const image of doc.querySelectorAll("img")) image.replaceWith(image.getAttribute("alt") ?? "")
  for (const element of doc.body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name)
  }
  headingsBelowThePage(doc)
  for (const table of doc.querySelectorAll("table")) headTheTable(table)
  return doc.body.innerHTML
}

// Styles are only read here. As styles the content security policy would refuse and report each of them.
function withStylesAsData(html) {
  return html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)style(\s*=)/gi, "$1data-style$2"))
}

function styleOf(element) {
  return element.getAttribute("data-style") ?? ""
}

function rename(element, tag) {
  const other = element.ownerDocument.createElement(tag)
  for (const { name, value } of element.attributes) other.setAttribute(name, value)
  other.append(...element.childNodes)
  element.replaceWith(other)
  return other
}

// Word writes a list as paragraphs that carry their level and, in a span of its own, the bullet or number.
function listsFromWord(doc) {
  let open = [] // lists that the next item may join, outermost first
  let last = null
  for (const paragraph of doc.querySelectorAll("p")) {
    const level = levelOfItem(paragraph)
    if (!level) continue
    if (last && paragraph.previousElementSibling !== last.top) open = []
    const item = doc.createElement("li")
    const tag = isNumbered(paragraph) ? "ol" : "ul"
    markOf(paragraph)?.remove()
    const text = doc.createElement("p")
    text.append(...paragraph.childNodes)
    item.append(text)

    open = open.slice(0, level)
    if (open.length === level && open[level - 1].localName !== tag) open.pop()
    const top = open[0]
    if (open.length < level) {
      const list = doc.createElement(tag)
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

function levelOfItem(paragraph) {
  const style = styleOf(paragraph)
  const level = /mso-list:[^;]*\blevel(\d)/i.exec(style)
  if (level) return Number(level[1])
  return /^MsoListParagraph/.test(paragraph.className) && markOf(paragraph) ? 1 : 0
}

function markOf(paragraph) {
  return [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))
}

function isNumbered(paragraph) {
  const mark = (markOf(paragraph) ?? paragraph).textContent.replaceAll("\u00a0", " ").trim()
  return /^\(?(\d{1,3}|[a-z]|[ivxlc]+)[.)]/i.test(mark)
}

// Google Docs and Word say bold and italic in styles; Google wraps everything in a <b> that is not bold.
function emphasisFromStyles(doc) {
  for (const element of doc.querySelectorAll("b, strong")) {
    if (/font-weight:\s*(normal|[1-4]00)/i.test(styleOf(element))) element.replaceWith(...element.childNodes)
  }
  for (const span of doc.querySelectorAll("span")) {
    const style = styleOf(span)
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrapContents(span, "strong")
    if (/font-style:\s*italic/i.test(style)) wrapContents(span, "em")
  }
}

function wrapContents(element, tag) {
  const wrapper = element.ownerDocument.createElement(tag)
  wrapper.append(...element.childNodes)
  element.append(wrapper)
}

// The page has the first level of heading itself.
function headingsBelowThePage(doc) {
  const shift = doc.querySelector("h1") ? 1 : 0
  for (const heading of doc.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Math.min(Number(heading.localName[1]) + shift, 4)
    rename(heading, `h${level}`)
  }
}

function headTheTable(table) {
  if (table.querySelector("th") || table.rows.length < 2) return
  for (const cell of [...table.rows[0].cells]) rename(cell, "th")
}
