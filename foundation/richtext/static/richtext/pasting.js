// One paste from beginning to end: cleaned, taken over, its pictures uploaded, and told.

import { cleanPaste } from "./paste.js"
import { countsOfSlice, reportPanel } from "./report.js"
import { sendPicture } from "./upload.js"

export function pasting(field) {
  let editor
  let tell
  let current = null

  return {
    attach(its, wrapper, crel) {
      editor = its
      tell = reportPanel(wrapper, crel)
    },

    transformPastedHTML(html) {
      current = null
      if (html.includes("data-pm-slice")) return html // from an editor like this one: the schema lets in what it knows
      const { html: clean, pasted } = cleanPaste(html, Boolean(field.dataset.pictures))
      current = pasted
      return clean
    },

    handlePaste(view, event, slice) {
      const pasted = current
      current = null
      // A picture alone, of the screen for example: it is uploaded once it is described.
      if (!pasted && !slice.content.size && askAbout(event.clipboardData)) return true
      if (pasted) {
        pasted.kept = countsOfSlice(slice)
        if (pasted.isWorthTelling) setTimeout(() => tell(pasted))
        if (pasted.pictures.length) setTimeout(() => upload(pasted))
      }
      return false
    },

    handleDrop: (view, event) => askAbout(event.dataTransfer),
  }

  function askAbout(data) {
    const image = [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"))
    if (!image || !field.dataset.pictures) return false
    editor.commands.askForPicture(image)
    return true
  }

  async function upload(pasted) {
    for (const { id, source, alt } of pasted.pictures) {
      const answer = await sendPicture(field, fileOf(source), { alt: (alt ?? "").slice(0, 500), pasted: true })
      if (answer.faults) {
        pasted.refused.push(Object.values(answer.faults).join(" "))
        settle(id, null)
      } else {
        pasted.uploaded += 1
        if (answer.alt === null) pasted.undescribed += 1
        settle(id, answer)
      }
      tell(pasted)
    }
  }

  // The picture takes its address, or goes where the portal did not take it; its caption stays as a paragraph.
  function settle(id, kept) {
    const { tr, doc, schema } = editor.state
    doc.descendants((node, place) => {
      if (node.type.name !== "picture" || node.attrs.pending !== id) return
      if (kept) {
        tr.setNodeMarkup(place, null, { src: kept.src, alt: kept.alt, pending: "" })
      } else if (node.childCount) {
        tr.setNodeMarkup(place, schema.nodes.paragraph)
      } else {
        tr.delete(place, place + node.nodeSize)
      }
    })
    editor.view.dispatch(tr.setMeta("addToHistory", false))
  }
}

function fileOf(source) {
  const [head, data] = source.split(",", 2)
  const bytes = Uint8Array.from(atob(data.replace(/\s/g, "")), (letter) => letter.charCodeAt(0))
  const type = head.slice("data:".length).replace(/;base64$/i, "")
  return new File([bytes], `pasted.${type.split("/")[1]}`, { type })
}
