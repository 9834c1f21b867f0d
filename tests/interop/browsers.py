"""Chromium under font sets that differ from the machine's own, so that a page is tested under the same fonts everywhere.

Each font set is a fontconfig file that names one folder of fonts and nothing else. The browser that is started with it
knows no other font; `prove_fonts` asks the browser which font it has really drawn with.
"""

import os
import shutil
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

NARROW_SCREEN_PX = 360
# A call to the browser fails after this time, and the whole check ends after the longer one, whatever it waits for.
CALL_LIMIT_MS = 60_000
CHECK_LIMIT_SECONDS = 540


@dataclass(frozen=True)
class FontSet:
    """A folder of fonts, the family that stands for every font a page may ask for, and the least size text is drawn at."""

    name: str
    folder: str
    family: str
    least_size_px: int = 0


FONT_SETS = (
    FontSet("Liberation", "/usr/share/fonts/truetype/liberation", "Liberation Sans"),
    FontSet("DejaVu", "/usr/share/fonts/truetype/dejavu", "DejaVu Sans"),
    # Wider than any font a reader is likely to have: letters of one width, none of them drawn smaller than 28 px.
    FontSet("wide", "/usr/share/fonts/truetype/dejavu", "DejaVu Sans Mono", 28),
)


def fontconfig(font_set, cache):
    families = "".join(
        f'<match target="pattern"><test name="family" qual="any"><string>{asked}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{font_set.family}</string></edit></match>'
        for asked in ("Arial", "sans-serif", "serif"))
    return (f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
            f"<fontconfig><dir>{font_set.folder}</dir><cachedir>{cache}</cachedir>{families}</fontconfig>")


@contextmanager
def browser_with(playwright, font_set):
    """Chromium that knows the fonts of one set and no others."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "Chromium is not installed"
    assert list(Path(font_set.folder).glob("*.ttf")), f"no fonts are in {font_set.folder}"
    arguments = ["--no-sandbox"]
    if font_set.least_size_px:
        arguments.append(f"--blink-settings=minimumFontSize={font_set.least_size_px}")
    with tempfile.TemporaryDirectory() as room:
        config = Path(room) / "fonts.conf"
        config.write_text(fontconfig(font_set, Path(room) / "cache"))
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments, timeout=CALL_LIMIT_MS,
                                             env={**os.environ, "FONTCONFIG_FILE": str(config)})
        try:
            yield browser
        finally:
            browser.close()


def prove_fonts(page, font_set):
    """The heading of the page is drawn in the family of the set, and in no other."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    heading = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    drawn = {font["familyName"] for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]}
    assert drawn == {font_set.family}, f"{font_set.name}: the page is drawn in {drawn}"
    session.detach()


def prove_it_fits(page, font_set):
    """On a narrow screen nothing is wider than the screen but what scrolls by itself."""
    page.set_viewport_size({"width": NARROW_SCREEN_PX, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    if NARROW_SCREEN_PX < width:
        wide = page.evaluate("""(screen) => [...document.querySelectorAll('main *')]
            .filter((one) => screen < one.getBoundingClientRect().right && !one.closest('.scrolling'))
            .map((one) => one.outerHTML.slice(0, 120))""", NARROW_SCREEN_PX)
        raise AssertionError(f"{font_set.name}: {width} px wide on {NARROW_SCREEN_PX} px: {wide[:3]}")


def check_access(browser, address, prepare):
    """Checks axe-core's rules on a page in light and dark mode, once `prepare` has brought it into the state that is checked;
    returns how many rules hold. The checker is a script and the page forbids every other script, so its policy is
    bypassed."""
    for scheme in ("light", "dark"):
        checked = browser.new_context(bypass_csp=True, color_scheme=scheme).new_page()
        checked.set_default_timeout(CALL_LIMIT_MS)
        checked.goto(address)
        prepare(checked)
        results = Axe().run(checked)
        violations = [(violation["id"], violation["help"], violation["nodes"][0]["html"])
                      for violation in results.response["violations"]]
        assert not violations, (scheme, violations)
    return len(results.response["passes"])


def limit_time():
    """Ends this program when it has taken too long, so that nothing waits for it forever."""
    signal.alarm(CHECK_LIMIT_SECONDS)
