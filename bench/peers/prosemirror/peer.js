// The same edit in ProseMirror: a document of one paragraph, its changes kept by prosemirror-changeset and shown as decorations.
import {ChangeSet, simplifyChanges} from "prosemirror-changeset"
import {schema} from "prosemirror-schema-basic"
import {EditorState, Plugin, TextSelection} from "prosemirror-state"
import {Decoration, DecorationSet, EditorView} from "prosemirror-view"

const shown = (set, doc, before) => DecorationSet.create(doc, simplifyChanges(set.changes, doc).flatMap(change => {
  const marks = []
  if (change.fromB < change.toB) marks.push(Decoration.inline(change.fromB, change.toB, {nodeName: "ins"}))
  if (change.fromA < change.toA) {
    const gone = document.createElement("del")
    gone.textContent = before.textBetween(change.fromA, change.toA)
    marks.push(Decoration.widget(change.fromB, gone))
  }
  return marks
}))

const tracking = before => new Plugin({
  state: {
    init: (_, state) => ({set: ChangeSet.create(state.doc), marks: DecorationSet.empty}),
    apply: (transaction, value) => {
      if (!transaction.docChanged) return value
      const set = value.set.addSteps(transaction.doc, transaction.mapping.maps, null)
      return {set, marks: shown(set, transaction.doc, before)}
    },
  },
  props: {decorations(state) { return this.getState(state).marks }},
})

globalThis.peer = (words, keys) => {
  const doc = schema.node("doc", null, [schema.node("paragraph", null, [schema.text(words)])])
  const view = new EditorView(document.querySelector("#editor"), {state: EditorState.create({doc, plugins: [tracking(doc)]})})
  const out = []
  for (let at = 0; at < keys; at++) {
    if (at % 10 === 0) {
      const place = 1 + (at * 397) % (view.state.doc.content.size - 2)
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, place)))
    }
    const begun = performance.now()
    view.dispatch(view.state.tr.insertText(at % 6 ? "a" : " "))
    document.body.getBoundingClientRect()
    out.push(performance.now() - begun)
  }
  return out
}
