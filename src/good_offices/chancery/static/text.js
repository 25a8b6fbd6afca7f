import {setUp} from "./editor.js"
// The place in the list follows what is read; nothing else moves.
const links = new Map([...document.querySelectorAll(".provisions a")].map(one => [one.hash.slice(1), one]))
const sections = [...document.querySelectorAll(".para[id]")].filter(one => links.has(one.id))
let here = null
function mark() {
  const now = sections.findLast(one => one.getBoundingClientRect().top < 140) ?? sections[0]
  const link = now && links.get(now.id)
  if (!link || link === here) return
  here?.removeAttribute("aria-current")
  here = link
  here.setAttribute("aria-current", "location")
  const rail = here.closest(".rail")
  if (rail.scrollHeight > rail.clientHeight) rail.scrollTop = here.offsetTop - rail.clientHeight / 2
}
let waiting = 0
addEventListener("scroll", () => { waiting ||= requestAnimationFrame(() => { waiting = 0; mark() }) }, {passive: true})
mark()

// The editor opens in the row below the provision; without this script the same link opens it as a page.
document.querySelector(".doc")?.addEventListener("click", event => {
  const link = event.target.closest("a[data-edit]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const row = link.closest(".row"), open = link.closest(".para").querySelector("form.editor")
  if (open) open.closest(".row").remove()
  const ask = new XMLHttpRequest()
  ask.open("GET", link.href)
  ask.responseType = "document"
  ask.onerror = () => location.assign(link.href)
  ask.onload = () => {
    const form = ask.response?.querySelector("form.editor")
    if (!form) return location.assign(link.href)
    const place = document.createElement("div"), gut = document.createElement("div")
    place.className = "row edit"
    gut.className = "gut"
    const here = document.importNode(form, true), close = here.querySelector("[data-close]")
    place.append(gut, here)
    row.after(place)
    const shut = () => { place.remove(); link.focus() }
    close.hidden = false
    close.addEventListener("click", clicked => { clicked.preventDefault(); shut() })
    here.addEventListener("keydown", key => { if (key.key === "Escape") shut() })
    setUp(here)
    here.querySelector("textarea").focus({preventScroll: true})
    place.scrollIntoView({block: "nearest"})
  }
  ask.send()
})
