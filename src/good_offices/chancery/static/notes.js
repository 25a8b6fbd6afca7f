// Private notes are kept while one writes.
for (const form of document.querySelectorAll("form.note")) {
  const area = form.querySelector("textarea"), said = form.querySelector(".kept")
  let timer = 0
  const keep = async () => {
    timer = 0
    const answer = await fetch("/notes", {method: "POST", body: new FormData(form), headers: {accept: "application/json"}, keepalive: true}).catch(() => null)
    said.textContent = answer?.ok ? (await answer.json()).kept : area.dataset.failed
  }
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 700) })
  form.addEventListener("submit", () => clearTimeout(timer))
  addEventListener("pagehide", () => { if (timer) keep() })
}
