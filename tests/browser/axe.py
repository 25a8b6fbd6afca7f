"""What axe-core has against a page: nothing, or the test fails with rule, place and remedy of each violation."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_SOURCE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Nothing is preloaded: that is for a rule which is off (css-orientation-lock) and for the length of what plays by itself;
# nothing here plays.
_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false});
  return {
    checked: found.passes.length + found.violations.length,
    violations: found.violations.map(rule => rule.id + ": " + rule.help + "\\n"
      + rule.nodes.map(node => "    " + node.target.join(" ") + "\\n      " + node.failureSummary).join("\\n")),
  };
}"""


def axe(page: Page) -> None:
    """Pass if axe finds nothing wrong with the page as it stands now, all rules with the best practices."""
    # By the debugger's protocol and not as a script of the page: the page's own policy for scripts stays in force.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SOURCE)
    found = page.evaluate(_RUN)
    assert found["checked"] > 10, f"axe checked {found['checked']} rules: the page was empty"
    assert not found["violations"], f"{page.url}\n" + "\n".join(found["violations"])
