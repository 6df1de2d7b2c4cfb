// Turns each <textarea data-richtext> into a formatted text editor. Without this file the textarea itself works.

import { makeAccessible, nameTheText } from "./accessible.js"
import { footnote } from "./note.js"
import { pasting } from "./pasting.js"
import { picture } from "./picture.js"
import { placedBlocks } from "./placed.js"
import { tableWithCaption } from "./table.js"

const library = document.querySelector("link[data-richtext-library]")
const fields = [...document.querySelectorAll("textarea[data-richtext]")]

if (library && fields.length) {
  const editor = await import(library.href)
  for (const field of fields) start(editor, field)
}

function start(lib, field) {
  const element = lib.crel("div", { className: "prose-editor" })
  field.before(element)
  element.append(field)
  const paste = pasting(field)
  const editor = new lib.Editor({
    element,
    extensions: extensions(lib, field),
    content: field.value,
    editable: !field.disabled,
    injectCSS: false, // the content security policy refuses it; the rules stand in editor.css
    editorProps: {
      transformPastedHTML: paste.transformPastedHTML,
      handlePaste: paste.handlePaste,
      handleDrop: paste.handleDrop,
      attributes: nameTheText(field),
    },
    onUpdate() {
      const html = editor.getHTML()
      field.value = html === "<p></p>" ? "" : html
      field.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  makeAccessible(editor, field)
  paste.attach(editor, element, lib.crel)
}

// Pasted words that look like an address do not lead elsewhere than the link around them does.
function linkAsWritten(lib) {
  const link = lib.Link.extend({ addPasteRules: () => [] })
  return link.configure({ enableTarget: false, defaultProtocol: "https", protocols: ["http", "https", "mailto"] })
}

// What the server keeps (foundation/richtext/cleaning.py), and nothing else: what cannot be kept cannot be typed.
function extensions(lib, field) {
  return [
    lib.Document.extend({ content: "(block | placed)+" }),
    placedBlocks(lib, field),
    lib.Paragraph,
    lib.Text,
    lib.Dropcursor,
    lib.Gapcursor,
    lib.History,
    lib.Bold,
    lib.Italic,
    lib.Subscript,
    lib.Superscript,
    lib.Heading.configure({ levels: [2, 3, 4] }),
    lib.BulletList,
    lib.OrderedList.configure({ enableListAttributes: false }),
    lib.ListItem,
    lib.Blockquote,
    lib.HardBreak,
    linkAsWritten(lib),
    tableWithCaption(lib),
    lib.TableRow,
    lib.TableHeader,
    lib.TableCell,
    picture(lib, field),
    footnote(lib),
    lib.SpecialCharacters,
    lib.Menu.configure({
      groups: [
        { group: "headings" },
        { group: "lists" },
        { group: "nodes -headings -lists" },
        { group: "marks" },
        { group: "link" },
        { group: "insert" },
        { group: "picture" },
        { group: "table" },
        { group: "history" },
      ],
    }),
  ]
}
