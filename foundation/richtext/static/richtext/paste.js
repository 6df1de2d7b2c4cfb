// Text from Word, Outlook, Google Docs or a web page, brought down to what the editor knows, and told what became of it.

import { Pasted, blocksOfPage } from "./report.js"
import { captions, changesAndComments, footnotes, lists, numbersOfHeadings, styleOf, titlesAndQuotations } from "./word.js"

const KEPT = new Set(["href", "colspan", "rowspan", "start", "alt", "data-pending", "data-block"])
const LOOKS = /(^|[;\s])(color|background|background-color|font|font-family|font-size)\s*:/i
const UNDERLINED = /text-decoration[^;]*underline/i
const KINDS = /^data:image\/(png|jpeg|jpg|webp|gif);base64,/i

// The clean text, what was in it, and pictures that are to be uploaded. `takesPictures`: the portal keeps pictures here.
export function cleanPaste(html, takesPictures) {
  const pasted = new Pasted()
  const doc = new DOMParser().parseFromString(withStylesAsData(html), "text/html")
  for (const element of doc.querySelectorAll("script, style, meta, link, xml, title")) element.remove()
  const looks = looksOf(doc)
  pasted.notes = footnotes(doc)
  pasted.left = { ...looks, ...changesAndComments(doc), numbers: numbersOfHeadings(doc) }
  captions(doc)
  titlesAndQuotations(doc)
  picturesOf(doc, pasted, takesPictures)
  standAlone(doc)
  pasted.blocks = blocksOfPage(doc) + pasted.left.contents
  lists(doc)
  emphasisFromStyles(doc)
  for (const element of doc.body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name)
  }
  headingsBelowThePage(doc)
  for (const table of doc.querySelectorAll("table")) headTheTable(table)
  return { html: doc.body.innerHTML, pasted }
}

// Styles are only read here. As styles the content security policy would refuse and report each of them.
function withStylesAsData(html) {
  return html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)style(\s*=)/gi, "$1data-style$2"))
}

function looksOf(doc) {
  const elements = [...doc.body.querySelectorAll("*")]
  return {
    looks: elements.some((element) => element.localName === "font" || LOOKS.test(styleOf(element))),
    underlined: elements.some((element) => element.localName === "u" || UNDERLINED.test(styleOf(element))),
  }
}

// A picture in the clipboard itself is uploaded; of one that lies elsewhere the words stay, and that it is missing.
function picturesOf(doc, pasted, takesPictures) {
  for (const image of doc.querySelectorAll("img")) {
    const source = image.getAttribute("src") ?? ""
    const alt = image.getAttribute("alt")?.replace(/\s+/g, " ").trim()
    if (takesPictures && KINDS.test(source)) {
      const id = pasted.take(source, alt)
      const kept = doc.createElement("img")
      kept.setAttribute("data-pending", id)
      if (alt) kept.setAttribute("alt", alt)
      image.replaceWith(kept)
    } else {
      pasted.picturesMissing += 1
      const caption = image.closest("figure")?.querySelector("figcaption")
      image.replaceWith(alt ? `[Picture: ${alt}]` : "")
      if (caption) caption.replaceWith(Object.assign(doc.createElement("p"), { innerHTML: caption.innerHTML }))
    }
  }
}

// A picture stands between paragraphs, and what Word leaves empty to make room is not carried over.
function standAlone(doc) {
  for (const paragraph of doc.querySelectorAll("p")) {
    if (paragraph.textContent.trim() || paragraph.closest("td, th, figure")) continue
    paragraph.replaceWith(...paragraph.querySelectorAll("img"))
  }
}

function rename(element, tag) {
  const other = element.ownerDocument.createElement(tag)
  for (const { name, value } of element.attributes) other.setAttribute(name, value)
  other.append(...element.childNodes)
  element.replaceWith(other)
  return other
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
  const heads = table.tHead ? [...table.tHead.rows] : []
  for (const row of heads) for (const cell of [...row.cells]) rename(cell, "th")
  if (table.querySelector("th") || table.rows.length < 2) return
  for (const cell of [...table.rows[0].cells]) rename(cell, "th")
}
