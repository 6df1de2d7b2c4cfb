// Pictures with their caption. Every picture is described for people who do not see it, or said to be decoration.

import { sendPicture } from "./upload.js"

export const NOT_DESCRIBED = "Picture that nobody has described yet"

export function picture(lib, field) {
  const { Node, crel } = lib

  const imageOf = (element) =>
    element.localName === "img" ? element : element.querySelector('img[src^="/pictures/"], img[data-pending]')

  return Node.create({
    name: "picture",
    group: "block",
    content: "inline*", // the caption
    isolating: true,
    draggable: true,

    addAttributes() {
      const from = (name, otherwise) => (element) => imageOf(element)?.getAttribute(name) ?? otherwise
      return {
        src: { default: "", rendered: false, parseHTML: from("src", "") },
        alt: { default: null, rendered: false, parseHTML: from("alt", null) },
        pending: { default: "", rendered: false, parseHTML: from("data-pending", "") }, // being uploaded after a paste
      }
    },

    parseHTML() {
      return [
        {
          tag: "figure",
          getAttrs: (figure) => (imageOf(figure) ? null : false),
          contentElement: (figure) => figure.querySelector("figcaption") ?? crel("figcaption"),
        },
        { tag: 'img[src^="/pictures/"]', contentElement: () => crel("figcaption") },
        { tag: "img[data-pending]", contentElement: () => crel("figcaption") },
      ]
    },

    renderHTML({ node }) {
      const { src, alt } = node.attrs
      return ["figure", ["img", alt === null ? { src } : { src, alt }], ["figcaption", 0]]
    },

    addNodeView() {
      return ({ node: first, getPos, editor }) => {
        const image = crel("img", { draggable: false })
        const words = crel("p", { className: "prose-picture__words", contentEditable: "false" })
        const caption = crel("figcaption")
        const dom = crel("figure", { className: "prose-picture" }, [image, words, caption])
        const show = ({ attrs, childCount }) => {
          if (attrs.src) image.setAttribute("src", attrs.src)
          image.hidden = !attrs.src
          image.alt = attrs.alt ?? NOT_DESCRIBED
          words.textContent = attrs.src ? said(attrs.alt) : "The picture is being uploaded."
          words.classList.toggle("prose-picture__words--missing", attrs.alt === null && Boolean(attrs.src))
          caption.classList.toggle("prose-picture__caption--empty", childCount === 0)
        }
        show(first)
        for (const part of [image, words]) {
          part.addEventListener("click", () => editor.chain().focus().setNodeSelection(getPos()).run())
        }
        return {
          dom,
          contentDOM: caption,
          update(node) {
            if (node.type.name !== "picture") return false
            show(node)
            return true
          },
          ignoreMutation: (mutation) => mutation.type !== "selection" && !caption.contains(mutation.target),
        }
      }
    },

    addKeyboardShortcuts() {
      return {
        // A new paragraph below, not a second picture with the rest of the caption.
        Enter: ({ editor }) => {
          const { $from } = editor.state.selection
          if ($from.parent.type.name !== "picture") return false
          const after = $from.after()
          return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run()
        },
      }
    },

    addMenuItems({ menu, buttons }) {
      const hidden = (editor) => !editor.isActive("picture")
      if (field.dataset.pictures) {
        menu.defineItem({
          name: "picture",
          groups: "insert",
          priority: 100,
          button: buttons.material("image", "Insert a picture"),
          command: (editor) => editor.commands.askForPicture(),
        })
      }
      menu.defineItem({
        name: "picture:describe",
        groups: "picture",
        priority: 90,
        button: buttons.material("title", "Describe the picture"),
        hidden,
        command: (editor) => editor.commands.describePicture(),
      })
      menu.defineItem({
        name: "picture:remove",
        groups: "picture",
        priority: 80,
        button: buttons.material("delete", "Remove the picture"),
        hidden,
        command: (editor) => {
          const chain = editor.chain().focus()
          const isSelected = editor.state.selection.node?.type.name === "picture"
          return (isSelected ? chain.deleteSelection() : chain.deleteNode("picture")).run()
        },
      })
    },

    addCommands() {
      return {
        askForPicture:
          (file = null) =>
          ({ editor }) => {
            insert(editor, file)
            return true
          },
        describePicture:
          () =>
          ({ editor }) => {
            describe(editor)
            return true
          },
      }
    },
  })

  async function insert(editor, file) {
    const asked = await askAboutPicture({
      title: "Insert a picture",
      submit: "Insert the picture",
      file,
      withFile: true,
      send: (answers) => sendPicture(field, answers.file, answers),
    })
    if (asked) {
      const { src, alt, caption } = asked
      const content = caption ? [{ type: "text", text: caption }] : []
      const { $from, $to } = editor.state.selection
      const block = $to.parent
      const isEmpty = block.isTextblock && block.content.size === 0 && block.type.name === "paragraph"
      // Below the paragraph that one is in: a picture divides no sentence.
      const place = isEmpty && $from.depth ? { from: $to.before(), to: $to.after() } : $to.depth ? $to.after() : $to.pos
      editor.chain().focus().insertContentAt(place, { type: "picture", attrs: { src, alt }, content }).run()
    }
    editor.commands.focus()
  }

  async function describe(editor) {
    const { alt } = editor.getAttributes("picture")
    const asked = await askAboutPicture({
      title: "Describe the picture",
      submit: "Save the description",
      alt,
      send: (answers) => checked(answers),
    })
    if (asked) editor.chain().focus().updateAttributes("picture", { alt: asked.alt }).run()
    editor.commands.focus()
  }
}

function said(alt) {
  if (alt === null) return "Alternative text is missing: describe the picture, or say that it is decoration."
  return alt ? `Alternative text: ${alt}` : "Decoration, without alternative text."
}

// The same rule as at the portal, for a picture that is there already.
function checked({ alt, decorative }) {
  if (alt && decorative) {
    return { faults: { alt: "A picture that is decoration has no alternative text. Choose one of the two." } }
  }
  if (!alt && !decorative) {
    return { faults: { alt: "Say what the picture shows, for people who do not see it, or say that it is decoration." } }
  }
  return { alt }
}

let asked = 0

// A dialog outside the page's form, so that nothing of it is sent with the text. Answers null when it is cancelled.
function askAboutPicture({ title, submit, file = null, alt = "", withFile = false, send }) {
  const id = `picture-${++asked}`
  const dialog = document.createElement("dialog")
  dialog.className = "prose-editor-dialog prose-picture-dialog"
  dialog.setAttribute("aria-labelledby", `${id}-title`)
  const form = add(dialog, "form", { noValidate: true })
  add(form, "h3", { className: "prose-editor-dialog-title", id: `${id}-title`, textContent: title })

  const fileBox = withFile && boxOf(form, `${id}-file`, "Picture", "PNG, JPEG, WebP or GIF, up to 15 MB.", "input")
  if (fileBox) {
    fileBox.input.type = "file"
    fileBox.input.accept = "image/png,image/jpeg,image/webp,image/gif"
    if (file) {
      const files = new DataTransfer()
      files.items.add(file)
      fileBox.input.files = files.files
    }
  }
  const altBox = boxOf(
    form,
    `${id}-alt`,
    "Alternative text",
    "What the picture shows, for people who do not see it. A chart: what it says.",
    "textarea",
  )
  altBox.input.rows = 3
  altBox.input.maxLength = 500
  altBox.input.value = alt ?? ""
  const tick = add(form, "div", { className: "prose-editor-dialog-field prose-picture-dialog__tick" })
  const decoration = add(tick, "input", { type: "checkbox", id: `${id}-decorative`, checked: alt === "" && !withFile })
  add(tick, "label", { htmlFor: decoration.id, textContent: "The picture is decoration and says nothing" })
  const captionBox = withFile && boxOf(form, `${id}-caption`, "Caption (optional)", "Stands below the picture.", "input")

  const state = add(form, "p", { className: "prose-picture-dialog__state" })
  state.setAttribute("role", "status")
  const buttons = add(form, "div", { className: "prose-editor-dialog-buttons" })
  const go = add(buttons, "button", { type: "submit", textContent: submit })
  const cancel = add(buttons, "button", { type: "button", textContent: "Cancel" })

  return new Promise((resolve) => {
    let answer = null
    let sending = false
    cancel.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(answer)
    })
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      if (sending) return
      const answers = {
        file: fileBox ? fileBox.input.files[0] : null,
        alt: altBox.input.value.replace(/\s+/g, " ").trim(),
        decorative: decoration.checked,
      }
      const missing = fileBox && !answers.file ? { file: "Choose the file of the picture." } : {}
      sending = true
      go.setAttribute("aria-disabled", "true")
      state.textContent = fileBox && answers.file ? "The picture is being uploaded." : ""
      const { faults = missing, ...kept } = missing.file
        ? { faults: { ...checked(answers).faults, ...missing } }
        : await send(answers)
      sending = false
      go.removeAttribute("aria-disabled")
      state.textContent = ""
      const found = [
        [fileBox, faults.file],
        [altBox, faults.alt ?? faults.__all__],
      ].filter(([box, words]) => say(box, words))
      if (found.length) return found[0][0].input.focus()
      answer = { ...kept, caption: captionBox ? captionBox.input.value.replace(/\s+/g, " ").trim() : "" }
      dialog.close()
    })
    document.body.append(dialog)
    dialog.showModal()
    ;(file || !fileBox ? altBox : fileBox).input.focus()
  })
}

function boxOf(form, id, label, hint, tag) {
  const field = add(form, "div", { className: "prose-editor-dialog-field" })
  add(field, "label", { htmlFor: id, textContent: label })
  add(field, "p", { className: "prose-editor-help", id: `${id}-hint`, textContent: hint })
  const error = add(field, "p", { className: "prose-picture-dialog__error", id: `${id}-error`, hidden: true })
  const input = add(field, tag, { id })
  input.setAttribute("aria-describedby", `${id}-hint ${id}-error`)
  return { input, error }
}

function say(box, words) {
  if (!box) return false
  box.error.textContent = words ?? ""
  box.error.hidden = !words
  if (words) box.input.setAttribute("aria-invalid", "true")
  else box.input.removeAttribute("aria-invalid")
  return Boolean(words)
}

function add(parent, tag, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties)
  parent.append(element)
  return element
}
