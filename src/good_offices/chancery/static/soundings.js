// A sounding under way: the page is loaded again when its state has changed, and only then.
const watch = document.getElementById("watch")
async function look() {
  const answer = await fetch(watch.dataset.address + "?itself=1", {headers: {accept: "application/json"}}).catch(() => null)
  if (answer?.ok && (await answer.json()).state !== watch.dataset.state) location.reload()
}
if (watch) setInterval(look, 3000)
