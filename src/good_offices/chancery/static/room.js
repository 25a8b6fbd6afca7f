// The wall follows the record: it has no reader whose place could be lost, and the browser keeps how far it was scrolled.
const source = new EventSource("/live")
source.onmessage = event => {
  const state = JSON.parse(event.data)
  if (state.state === "locked") location.assign("/unlock")
  else if (state.stamp && state.stamp !== document.body.dataset.stamp) {
    // Nobody asked for it: a page that comes by itself does not keep the desk from locking.
    const here = new URL(location.href)
    here.searchParams.set("itself", "1")
    history.replaceState(null, "", here)
    location.reload()
  }
}
addEventListener("keydown", event => {
  const way = document.querySelector(`[data-way="${event.key}"]`)
  if (way && !event.altKey && !event.ctrlKey && !event.metaKey) { event.preventDefault(); way.click() }
})
