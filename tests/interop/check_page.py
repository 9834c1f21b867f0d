"""Opens a page in Chromium as a reader would, under several font sets: it must open without an error, make no network
request, fit a narrow screen, and pass axe-core in light and dark mode.

    python check_page.py PAGE [LEAST_DRAWINGS]
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from browsers import CALL_LIMIT_MS, FONT_SETS, browser_with, check_access, limit_time, prove_fonts, prove_it_fits

page_file = Path(sys.argv[1]).resolve()
OPEN_DETAILS = "for (const details of document.querySelectorAll('details')) details.open = true"
least_drawings = int(sys.argv[2]) if len(sys.argv) > 2 else 0


def read(browser, font_set):
    """Opens the page with its policy in force."""
    errors, requests = [], []
    reader = browser.new_page(viewport={"width": 1100, "height": 1400})
    reader.set_default_timeout(CALL_LIMIT_MS)
    reader.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    reader.on("pageerror", lambda error: errors.append(str(error)))
    reader.on("request", lambda request: requests.append(request.url))
    reader.goto(page_file.as_uri())
    prove_fonts(reader, font_set)
    assert reader.locator("h1").count() == 1
    drawings = reader.locator("svg").count()
    assert drawings >= least_drawings, drawings
    for drawing in reader.locator("svg").all():
        assert len(drawing.get_attribute("aria-label")) > 20
    # By keyboard alone: the first table behind a drawing opens.
    if drawings:
        reader.locator("summary").first.focus()
        reader.keyboard.press("Enter")
        assert reader.locator("details").first.get_attribute("open") is not None
    assert requests == [page_file.as_uri()], requests
    assert not errors, errors
    prove_it_fits(reader, font_set)
    reader.evaluate(OPEN_DETAILS)
    prove_it_fits(reader, font_set)
    reader.close()


limit_time()
with sync_playwright() as playwright:
    for font_set in FONT_SETS:
        with browser_with(playwright, font_set) as browser:
            read(browser, font_set)
            # What axe-core looks for does not depend on the font, and takes most of the time.
            if font_set == FONT_SETS[0]:
                rules = check_access(browser, page_file.as_uri(), lambda page: page.evaluate(OPEN_DETAILS))
print(f"{page_file.name} opens, asks for nothing, fits a narrow screen under {len(FONT_SETS)} font sets and has no violation of "
      f"{rules} rules in light and dark")
