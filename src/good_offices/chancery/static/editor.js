// Drafting: a live redline under each language, the changes in words, brackets around a selection, a draft that is kept.
// The redline is that of text/redline.py, token for token: spec/vectors/redline holds both to the same answers.
const MARKS = "\u0300-\u036f\u0483-\u0487\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\u20d0-\u20ff"
const LETTER = `[\\p{L}\\p{Nl}\\p{No}${MARKS}]`
const TOKEN = new RegExp(`${LETTER}+(?:['’]${LETTER}+)*|\\p{Nd}+(?:[.,\u0020\u00a0\u202f]\\p{Nd}+)*|[^]`, "gu")

export const tokensOf = text => text.match(TOKEN) ?? []

// A longest common subsequence by the same choices as RapidFuzz makes: from the end, a deletion first.
export function redline(old, now) {
  if (old === now) return old ? [["equal", old]] : []
  const a = tokensOf(old), b = tokensOf(now)
  let head = 0, tail = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const ops = middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const raw = [["equal", a.slice(0, head).join("")]]
  let deleted = "", inserted = ""
  const flush = () => { if (deleted) raw.push(["delete", deleted]); if (inserted) raw.push(["insert", inserted]); deleted = inserted = "" }
  for (const [kind, text] of [...ops, ["equal", a.slice(a.length - tail).join("")]]) {
    if (kind === "delete") deleted += text
    else if (kind === "insert") inserted += text
    else if (text) { flush(); raw.at(-1)[0] === "equal" ? raw.at(-1)[1] += text : raw.push(["equal", text]) }
  }
  flush()
  return bridged(raw.filter(one => one[1]))
}

// Hyyrö 2004: a row of the table is a row of bits, clear where the longest common subsequence grows.
function middle(a, b) {
  const words = a.length + 31 >>> 5, rows = new Uint32Array(words * b.length), places = new Map(), ops = []
  a.forEach((token, at) => {
    if (!places.has(token)) places.set(token, new Uint32Array(words))
    places.get(token)[at >>> 5] |= 1 << (at & 31)
  })
  let above = new Uint32Array(words).fill(0xffffffff)
  b.forEach((token, row) => {
    const here = rows.subarray(row * words, (row + 1) * words), bits = places.get(token)
    if (!bits) here.set(above)
    else for (let at = 0, carry = 0; at < words; at++) {
      const old = above[at], hit = (old & bits[at]) >>> 0, sum = old + hit + carry
      carry = sum > 0xffffffff ? 1 : 0
      here[at] = sum >>> 0 | old - hit
    }
    above = here
  })
  const grows = (row, col) => !(rows[(row - 1) * words + (col - 1 >>> 5)] >>> (col - 1 & 31) & 1)
  let row = b.length, col = a.length
  while (row && col) {
    if (!grows(row, col)) ops.push(["delete", a[--col]])
    else if (--row && grows(row, col)) ops.push(["insert", b[row]])
    else ops.push(["equal", a[--col]])
  }
  while (col) ops.push(["delete", a[--col]])
  while (row) ops.push(["insert", b[--row]])
  return ops.reverse()
}

// "210 days" for "180 or 240 days" reads as one replacement: a lone space between two changes is in the change.
function bridged(segments) {
  const out = []
  let deleted = "", inserted = ""
  const flush = () => { if (deleted) out.push(["delete", deleted]); if (inserted) out.push(["insert", inserted]); deleted = inserted = "" }
  segments.forEach(([kind, text], place) => {
    if (kind === "delete") deleted += text
    else if (kind === "insert") inserted += text
    else if ((deleted || inserted) && place + 1 < segments.length && !text.trim()) { deleted += text; inserted += text }
    else { flush(); out.push([kind, text]) }
  })
  flush()
  return out
}

export function inWords(segments, say) {
  const fill = (pattern, facts) => pattern.replace(/\{(\w+)\}/g, (_, name) => facts[name])
  const out = []
  let before = ""
  for (let place = 0; place < segments.length; place++) {
    const [kind, text] = segments[place], next = segments[place + 1]
    const context = before.slice(-400).trim().split(/\s+/).slice(-3).join(" ")
    if (kind === "delete" && next?.[0] === "insert") { out.push(fill(say.becomes, {old: text.trim(), new: next[1].trim()})); place++ }
    else if (kind !== "equal") {
      const word = kind === "delete" ? "removed" : "added"
      out.push(fill(say[context ? word : word + "First"], {context, words: text.trim() || text}))
    }
    before += text
  }
  return out
}

// The notation as it reads: without the signs that make a character plain.
const readable = text => text.replace(/\\\|/g, "").replace(/\\([[\]{}\\⟦⟧])/g, "$1").replace(/⟦/g, "[").replace(/⟧/g, "]")

const drawn = new WeakMap()

// Draws pieces of [tag, words] by touching only the nodes between the first and the last piece that changed: what stays
// is neither shaped nor spelled out again.
function draw(place, pieces) {
  const old = drawn.get(place) ?? [], same = (one, two) => one[0] === two[0] && one[1] === two[1]
  if (!drawn.has(place)) place.replaceChildren()
  let head = 0, tail = 0
  while (head < old.length && head < pieces.length && same(old[head], pieces[head])) head++
  while (tail < old.length - head && tail < pieces.length - head && same(old.at(-1 - tail), pieces.at(-1 - tail))) tail++
  let node = place.childNodes[head] ?? null
  const last = old.length - tail
  for (let at = head; at < Math.max(last, pieces.length - tail); at++) {
    const piece = at < pieces.length - tail && pieces[at]
    if (piece && at < last && old[at][0] === piece[0]) {
      (node.firstChild ?? node).data = piece[1]
      node = node.nextSibling
      continue
    }
    if (at < last) {
      const gone = node
      node = node.nextSibling
      gone.remove()
    }
    if (piece) place.insertBefore(made(piece), node)
  }
  drawn.set(place, pieces)
}

function made([tag, words]) {
  if (!tag) return document.createTextNode(words)
  const node = document.createElement(tag)
  if (tag === "b") node.className = "b"
  node.append(words)
  return node
}

const MARK = {insert: "ins", delete: "del"}
const marked = segments => segments.flatMap(([kind, text]) => kind === "equal"
  ? text.split(/([[\]])/).filter(Boolean).map(one => [one === "[" || one === "]" ? "b" : "", one])
  : [[MARK[kind], text]])

function post(address, form, more) {
  const body = more ?? new FormData(form)
  if (more) body.set("csrf", form.elements.csrf.value)
  return fetch(address, {method: "POST", body, headers: {accept: "application/json"}, keepalive: true})
}

export function bracket(area) {
  const {selectionStart: start, selectionEnd: end, value} = area
  let from = start, to = end
  while (from < to && /\s/.test(value[from])) from++
  while (to > from && /\s/.test(value[to - 1])) to--
  area.focus()
  area.setSelectionRange(from, to)
  document.execCommand("insertText", false, `[${value.slice(from, to)}]`) // keeps undo, which setRangeText destroys
  area.setSelectionRange(from + 1, to + 1)
}

export function setUp(form) {
  const say = form.dataset, kept = form.querySelector(".kept"), leak = form.querySelector(".leak")
  let timer = 0
  const keep = async () => {
    timer = 0
    try {
      const answer = await post(say.draft, form)
      kept.textContent = answer.ok ? (await answer.json()).kept : say.failed
    } catch { kept.textContent = say.failed }
  }
  for (const tongue of form.querySelectorAll(".tongue")) {
    const area = tongue.querySelector("textarea"), line = tongue.querySelector(".redline"), list = tongue.querySelector(".in-words")
    const show = () => {
      const segments = redline(readable(tongue.dataset.present), readable(area.value))
      draw(line, marked(segments))
      const told = inWords(segments, say)
      draw(list, (told.length ? told : [say.same]).map(one => ["li", one]))
    }
    area.addEventListener("input", show)
    area.addEventListener("keydown", event => {
      if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyB") { event.preventDefault(); bracket(area) }
    })
    area.addEventListener("paste", async event => {
      const words = event.clipboardData?.getData("text") ?? ""
      const more = new FormData()
      more.set("words", words)
      const answer = await post(say.check, form, more).catch(() => null)
      const said = answer?.ok ? (await answer.json()).said : ""
      if (said) { leak.firstElementChild.textContent = said; leak.hidden = false }
    })
    const button = tongue.querySelector("[data-bracket]")
    button.parentElement.hidden = false
    button.addEventListener("mousedown", event => event.preventDefault()) // the selection stays
    button.addEventListener("click", () => bracket(area))
    show()
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 700) })
  form.addEventListener("submit", () => { clearTimeout(timer); timer = 0 })
  addEventListener("pagehide", () => { if (timer) { clearTimeout(timer); keep() } })
}

for (const form of document.querySelectorAll("form.editor")) setUp(form)
