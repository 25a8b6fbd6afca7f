"""How people look at a page, and one page seen in several ways without loading it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from playwright.sync_api import Page

# At 200 % a window of 1440 by 900 shows 720 by 450.
VIEWS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "narrow": {"viewport": {"width": 720, "height": 900}},
    "phone": {"viewport": {"width": 400, "height": 800}},
    "zoomed": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
    "forced": {"viewport": {"width": 1440, "height": 900}, "forced_colors": "active"},
    "still": {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"},
    "bare": {"viewport": {"width": 1440, "height": 900}, "java_script_enabled": False},
}
_SEEN = "() => [innerWidth, innerHeight, devicePixelRatio, matchMedia('(forced-colors: active)').matches]"


def seen(page: Page, *views: str) -> Iterator[str]:
    """Give the names of the views, the page shown so each time and as it was in the end.

    What is shown follows from style sheets alone: no script of ours reads the size of the window when a page is loaded.
    """
    session = page.context.new_cdp_session(page)
    try:
        for view in views:
            size = VIEWS[view]["viewport"]
            forced: Literal["active", "none"] = "active" if "forced_colors" in VIEWS[view] else "none"
            scale = VIEWS[view].get("device_scale_factor", 1)
            page.emulate_media(forced_colors=forced)
            metrics = {**size, "deviceScaleFactor": scale, "mobile": False}
            session.send("Emulation.setDeviceMetricsOverride", metrics)
            expected = [size["width"], size["height"], scale, forced == "active"]
            assert page.evaluate(_SEEN) == expected, view
            yield view
    finally:
        page.emulate_media(forced_colors="none")
        session.detach()


_WIDEST = """[...document.querySelectorAll("main *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)
  .slice(0, 3).map(one => one.outerHTML.slice(0, 160))"""


def fits(page: Page) -> None:
    """Pass if nothing of a page is to the right of the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide: {page.evaluate(_WIDEST)}"
