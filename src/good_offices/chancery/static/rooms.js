// What is typed in a room is kept at the desk while one types, sealed and never sent, until it is said.
for (const form of document.querySelectorAll("form[data-draft]")) {
  let timer = 0
  const keep = () => {
    clearTimeout(timer)
    if (!timer) return
    timer = 0
    fetch(form.dataset.draft, {method: "POST", keepalive: true, body: new URLSearchParams(new FormData(form))})
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 600) })
  form.addEventListener("submit", () => { clearTimeout(timer); timer = 0 })
  addEventListener("pagehide", keep)
}
