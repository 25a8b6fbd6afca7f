// What is new, told without moving what one reads; and shortcuts, always with a modifier.
// One tab of a browser holds the stream (a Web Lock), and tells the others: browsers allow few streams to one host.
const body = document.body, at = id => document.getElementById(id)
const channel = "BroadcastChannel" in self ? new BroadcastChannel("good-offices-live") : null
let last = null, asked = ""

async function take(state) {
  last = state
  const place = at("connection")
  if (!place) return
  if (state.state === "locked") return location.assign("/unlock")
  if (at("connection-words").textContent !== state.words) at("connection-words").textContent = state.words
  place.dataset.state = state.state
  if (state.stamp === body.dataset.stamp || state.stamp === asked) return
  asked = state.stamp
  const answer = await fetch("/live/news?itself=1&since=" + body.dataset.stamp, {headers: {accept: "application/json"}})
  if (!answer.ok) return
  const news = await answer.json()
  document.dispatchEvent(new CustomEvent("news", {detail: news}))
  if (!news.count) return
  at("news-count").textContent = news.count
  at("news-what").textContent = news.acts.map(one => one.who + ": " + one.what).join(" · ")
  at("news").hidden = false
}

function hear() {
  const source = new EventSource("/live")
  source.onmessage = event => {
    const state = JSON.parse(event.data)
    if (channel) channel.postMessage(state)
    take(state)
  }
  // EventSource tries again by itself; only when it gives up is a new one needed, such as after a laptop slept.
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(hear, 3000) }
}

if (channel) channel.onmessage = event => take(event.data)
if (navigator.locks) navigator.locks.request("good-offices-live", () => { hear(); return new Promise(() => {}) })
else hear()

// "Show" loads the same page again and puts back what stood at the top of the window where it stood.
const KEY = "place:" + location.pathname
at("news-show")?.addEventListener("click", event => {
  event.preventDefault()
  // A record that scrolls by itself opens at its newest entry: so it may, if its reader was there.
  const log = document.querySelector(".log")
  if (log?.scrollTop > -40) return location.reload()
  const top = [...document.querySelectorAll("main [id]")].find(one => one.getBoundingClientRect().bottom > 120)
  if (top) sessionStorage.setItem(KEY, JSON.stringify([top.id, top.getBoundingClientRect().top]))
  location.reload()
})
const place = sessionStorage.getItem(KEY)
if (place) {
  sessionStorage.removeItem(KEY)
  const [id, offset] = JSON.parse(place), element = at(id)
  if (element) for (const box of [element.closest(".log"), self]) box?.scrollBy(0, element.getBoundingClientRect().top - offset)
}

addEventListener("keydown", event => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const target = event.code === "KeyR" && !at("news")?.hidden ? at("news-show")
    : document.querySelector(`.bar nav a[data-key="${event.code.replace("Digit", "")}"]`)
  if (target) { event.preventDefault(); target.click() }
})
document.querySelector(".desk-menu")?.addEventListener("keydown", event => {
  if (event.key === "Escape") { event.currentTarget.open = false; event.currentTarget.querySelector("summary").focus() }
})
