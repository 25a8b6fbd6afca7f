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
