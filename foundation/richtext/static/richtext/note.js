// Footnotes stand in the text where their mark will be read; the reading view numbers them and tells them at the end.

const ICON =
  '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" ' +
  'stroke-width="2"><path d="M2 6h8M2 11h8M13 4l2-1v6M2 16h16"/></svg>'

export function footnote(lib) {
  const { Mark, getMarkRange, updateAttrsDialog } = lib
  let made = 0 // keeps two notes beside each other apart

  const words = { type: "string", format: "textarea", title: "Words of the footnote" }
  const newNote = updateAttrsDialog({ words }, { title: "Insert a footnote", submitText: "Insert the footnote" })
  const changeNote = updateAttrsDialog(
    { words: { ...words, description: "Leave it empty to take the footnote out." } },
    { title: "Change the footnote", submitText: "Save the footnote" },
  )
  const oneLine = (text) => text.replace(/\s+/g, " ").trim()

  return Mark.create({
    name: "footnote",
    priority: 1100, // around links and emphasis, so that a note with a link in it is one note
    inclusive: false, // what is typed behind a note belongs to the text again

    addAttributes() {
      return { number: { default: 0, rendered: false, parseHTML: () => ++made } }
    },

    parseHTML() {
      return [{ tag: "small" }]
    },

    renderHTML() {
      return ["small", 0]
    },

    addKeyboardShortcuts() {
      return { "Mod-Alt-f": () => this.editor.commands.askForFootnote() }
    },

    addMenuItems({ menu, buttons }) {
      menu.defineItem({
        name: "footnote",
        groups: "insert",
        priority: 90,
        button: buttons.svg(ICON),
        active: (editor) => editor.isActive("footnote"),
        command: (editor) => editor.commands.askForFootnote(),
      })
    },

    addCommands() {
      return {
        askForFootnote:
          () =>
          ({ editor, state }) => {
            const type = state.schema.marks.footnote
            const range = getMarkRange(state.selection.$from, type)
            if (range) change(editor, type, range)
            else insert(editor, type, state.selection.to)
            return true
          },
      }
    },
  })

  async function insert(editor, type, place) {
    const asked = await newNote(editor, { words: "" })
    const text = oneLine(asked?.words ?? "")
    if (text) {
      const note = editor.schema.text(text, [type.create({ number: ++made })])
      editor.view.dispatch(editor.state.tr.insert(place, note).setStoredMarks([]))
      editor.chain().setTextSelection(place + note.nodeSize).run()
    }
    editor.commands.focus()
  }

  async function change(editor, type, { from, to }) {
    const before = editor.state.doc.textBetween(from, to)
    const asked = await changeNote(editor, { words: before })
    const text = oneLine(asked?.words ?? "")
    if (asked && text !== before) {
      const { tr, schema } = editor.state
      const mark = type.create({ number: ++made })
      editor.view.dispatch(text ? tr.replaceWith(from, to, schema.text(text, [mark])) : tr.delete(from, to))
    }
    editor.commands.focus()
  }
}
