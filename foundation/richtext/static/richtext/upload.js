// Sends a picture to the portal. The answer is { src, alt } or, in words, { faults: { file, alt } }.

export async function sendPicture(field, file, { alt = "", decorative = false, pasted = false }) {
  const body = new FormData()
  body.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken?.value ?? "")
  if (file) body.set("file", file, file.name || "picture")
  body.set("alt", alt)
  if (decorative) body.set("decorative", "on")
  if (pasted) body.set("pasted", "on")
  let response
  try {
    response = await fetch(field.dataset.pictures, { method: "POST", body })
  } catch {
    return { faults: { file: "The portal cannot be reached. Your text is kept; try again in a moment." } }
  }
  if (response.headers.get("Content-Type")?.startsWith("application/json")) return response.json()
  const words =
    response.status === 413
      ? "The file is larger than can be uploaded. Save the picture smaller, then upload it again."
      : "The portal did not take the picture: you may be signed out. Sign in again in another tab, then try once more."
  return { faults: { file: words } }
}
