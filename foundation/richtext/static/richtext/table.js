// Tables keep their caption, and are made with a header row unless one decides otherwise.

const icon = (head) =>
  '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" stroke="currentColor">' +
  `<path d="M3 3h14v14H3zM3 8h14M8 3v14" fill="none"/><path d="${head}" fill="currentColor"/></svg>`

export function tableWithCaption(lib) {
  const { Table, crel, updateAttrsDialog } = lib

  const newTable = updateAttrsDialog(
    {
      caption: { type: "string", title: "Caption: what the table shows" },
      rows: { type: "number", title: "Rows", format: "number", min: "1", max: "100" },
      cols: { type: "number", title: "Columns", format: "number", min: "1", max: "20" },
      header: { title: "First row holds the headings", enum: ["Yes", "No"] },
    },
    { title: "Insert a table", submitText: "Insert the table" },
  )
  const changeCaption = updateAttrsDialog(
    { caption: { type: "string", title: "Caption: what the table shows" } },
    { title: "Caption of the table", submitText: "Save the caption" },
  )

  return Table.extend({
    addAttributes() {
      return {
        ...this.parent?.(),
        caption: {
          default: "",
          parseHTML: (table) => (table.querySelector("caption")?.textContent ?? "").replace(/\s+/g, " ").trim(),
          rendered: false,
        },
      }
    },

    parseHTML() {
      return [{ tag: "table" }, { tag: "caption", ignore: true }]
    },

    renderHTML({ node }) {
      const body = ["tbody", 0]
      return node.attrs.caption ? ["table", ["caption", node.attrs.caption], body] : ["table", body]
    },

    addNodeView() {
      const makeView = this.parent()
      return (props) => {
        const view = makeView(props)
        const caption = crel("caption", { contentEditable: "false" })
        const show = (node) => {
          caption.textContent = node.attrs.caption
          caption.hidden = !node.attrs.caption
        }
        view.table.prepend(caption)
        show(props.node)

        const update = view.update.bind(view)
        view.update = (node) => {
          const updated = update(node)
          if (updated) show(node)
          return updated
        }
        const ignores = view.ignoreMutation?.bind(view)
        view.ignoreMutation = (mutation) => caption.contains(mutation.target) || (ignores?.(mutation) ?? false)
        return view
      }
    },

    addMenuItems(storage) {
      this.parent?.(storage)
      storage.menu.defineItem({
        name: "table:caption",
        groups: "table",
        priority: 90,
        button: storage.buttons.material("title", "Table caption"),
        hidden: (editor) => !editor.isActive("table"),
        command: (editor) => editor.commands.askForCaption(),
      })
      storage.menu.defineItem({
        name: "table:headingRow",
        groups: "table",
        priority: 89,
        button: storage.buttons.svg(icon("M3 3h14v5H3z")),
        hidden: (editor) => !editor.isActive("table"),
        command: (editor) => editor.chain().focus().toggleHeaderRow().run(),
      })
      storage.menu.defineItem({
        name: "table:headingColumn",
        groups: "table",
        priority: 88,
        button: storage.buttons.svg(icon("M3 3h5v14H3z")),
        hidden: (editor) => !editor.isActive("table"),
        command: (editor) => editor.chain().focus().toggleHeaderColumn().run(),
      })
    },

    addCommands() {
      return {
        ...this.parent?.(),
        insertTableWithOptions:
          () =>
          ({ editor }) => {
            newTable(editor, { caption: "", rows: "3", cols: "3", header: "Yes" }).then((asked) => {
              if (!asked) return
              const size = (text) => Math.max(1, Number.parseInt(text, 10) || 3)
              editor
                .chain()
                .focus()
                .insertTable({ rows: size(asked.rows), cols: size(asked.cols), withHeaderRow: asked.header === "Yes" })
                .updateAttributes("table", { caption: asked.caption.trim() })
                .run()
            })
            return true
          },
        askForCaption:
          () =>
          ({ editor }) => {
            changeCaption(editor, editor.getAttributes("table")).then((asked) => {
              if (asked) editor.chain().focus().updateAttributes("table", { caption: asked.caption.trim() }).run()
            })
            return true
          },
      }
    },
  })
}
