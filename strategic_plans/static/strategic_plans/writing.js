// Keeps what is typed until it is saved: in this browser within a second, at the portal within ten. Says who else is here.
// A form without an address for copies is kept in this browser alone.
// Without this file the text is written and saved as ever, and nothing is kept in between.

const A_SECOND = 1000
const TEN_SECONDS = 10_000
const PREFIX = "plan-text:"

const form = document.querySelector("form[data-writing]")
forgetWhatIsSaved()
if (form) watch(form)

function watch(form) {
  const field = form.elements.body
  const key = `${PREFIX}${form.dataset.writing}:${form.getAttribute("action")}`
  const words = form.querySelector("[data-kept-words]")
  const others = document.querySelector("[data-others]")
  let typed = Number(form.dataset.kept) > 0
  let unsent = false
  let keptAt = ""
  let waiting
  let asking = new AbortController()
  let savingUntil = 0
  let unreachable = false

  goOnWith(stored(key))

  // What was typed on this device after the portal last heard of it: a dropped line, an expired sign-in, a closed lid.
  function goOnWith(kept) {
    if (!kept) return
    if (kept.at <= Number(form.dataset.kept) * 1000 || same(kept.body, field.value)) return forget(key)
    field.value = kept.body
    form.elements.revision.value = kept.revision
    const notice = document.querySelector("[data-unsaved]")
    notice.querySelector("[data-unsaved-since]").textContent = dayAndTime(kept.at)
    notice.hidden = false
    typed = unsent = true
    keepHere()
  }

  form.addEventListener("input", (event) => {
    if (event.target !== field) return
    typed = unsent = true
    clearTimeout(waiting)
    waiting = setTimeout(keepHere, A_SECOND)
  })
  addEventListener("pagehide", keepHere)
  // The portal need not keep the words a second time if the sign-in has ended when they come.
  form.addEventListener("formdata", (event) => event.formData.set("kept-on-device", "on"))
  // What is being saved is not kept as unsaved a moment later.
  form.addEventListener("submit", async (event) => {
    if (!unreachable) {
      asking.abort()
      savingUntil = Date.now() + TEN_SECONDS
      return
    }
    // The browser would put its own page about a dropped line in the place of the text.
    event.preventDefault()
    keepHere()
    await keepThere()
    if (unreachable) warn("Not saved: the portal cannot be reached. Your text is kept on this device. Save again when you are connected.")
    else form.requestSubmit()
  })
  addEventListener("offline", keepThere)
  addEventListener("online", keepThere)
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      keepHere()
      keepThere()
    }
  })
  document.querySelector("[data-throw-away]").addEventListener("submit", () => {
    typed = unsent = false
    forget(key)
  })
  setInterval(() => {
    if (!document.hidden || unsent) keepThere()
  }, TEN_SECONDS)
  keepThere()

  function keepHere() {
    if (!unsent) return
    const page = form.elements.page.value
    const kept = { at: Date.now(), body: field.value, revision: form.elements.revision.value, page }
    try {
      localStorage.setItem(key, JSON.stringify(kept))
      if (!form.dataset.copyUrl) say("Not saved yet. Kept on this device.")
    } catch {
      // A browser that keeps nothing: the portal still does.
    }
  }

  async function keepThere() {
    if (!form.dataset.copyUrl || Date.now() < savingUntil) return
    asking = new AbortController()
    // What the portal has already is not sent again: then it only hears that somebody is here.
    const isNews = typed && unsent
    const sent = field.value
    const body = new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      revision: form.elements.revision.value,
      body: isNews ? sent : "",
    })
    if (isNews) body.set("typed", "on")
    let answer
    try {
      const response = await fetch(form.dataset.copyUrl, { method: "POST", body, signal: asking.signal })
      unreachable = false
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) return await signInAgain()
      answer = await response.json()
    } catch {
      if (asking.signal.aborted) return
      unreachable = true
      return typed && warn("The portal cannot be reached. Your text is kept on this device; go on writing.")
    }
    if (answer.fault) return warn(`Not kept: ${answer.fault}`)
    if (isNews) keptAt = answer.kept
    if (isNews && sent === field.value) unsent = false
    show(others, [answer.others, answer.saved && `${answer.saved} When you save, both texts are brought together.`])
    say(keptAt ? `Not saved yet. Kept for you at ${keptAt}.` : "")
  }

  // Signed out, or not allowed to write here any more, or signed in anew in another tab: then this page needs the new
  // session's token to be heard again.
  async function signInAgain() {
    const response = await fetch(form.getAttribute("action"))
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    const token = page.querySelector("form[data-writing] [name=csrfmiddlewaretoken]")?.value
    if (token) {
      for (const box of document.querySelectorAll("[name=csrfmiddlewaretoken]")) box.value = token
      return keepThere()
    }
    const reason = page.querySelector(".plan-locked")?.textContent
    if (reason) return warn(`${reason} What you wrote since you last saved is kept on this device: copy it from here.`)
    if (words.querySelector("a")) return
    const again = document.createElement("a")
    again.href = location.href
    again.target = "_blank"
    again.textContent = "Sign in again (opens in a new tab)"
    words.replaceChildren("You are signed out. Your text is kept on this device. ", again, ", then go on here.")
  }

  function say(text) {
    if (words.textContent !== text) words.textContent = text
  }

  // A warning is read out when it comes, the quiet word that all is kept is not.
  function warn(text) {
    if (words.textContent === text) return
    const warning = document.createElement("span")
    warning.setAttribute("role", "alert")
    warning.textContent = text
    words.replaceChildren(warning)
  }
}

// The address after saving names the page whose text is saved.
function forgetWhatIsSaved() {
  const saved = new URLSearchParams(location.search).get("saved")
  if (!saved) return
  for (const key of keys()) if (stored(key)?.page === saved) forget(key)
  history.replaceState(history.state, "", location.pathname)
}

function show(element, sentences) {
  const text = sentences.filter(Boolean).join(" ")
  if (element.textContent !== text) element.textContent = text
}

// The server writes a line for each block, the editor none.
function same(one, other) {
  const plain = (text) => text.replace(/>\s+</g, "><").trim()
  return plain(one) === plain(other)
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  } catch {
    return []
  }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key))
  } catch {
    return null
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

function dayAndTime(at) {
  const when = new Date(at)
  const day = when.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })
  return `${day}, ${when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`
}
