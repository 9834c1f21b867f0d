"""Opens a page in Chromium as a reader would: it must open without an error, ask nothing of a network, and pass axe-core.

    python check_page.py PAGE [LEAST_DRAWINGS]
"""

import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

page_file = Path(sys.argv[1]).resolve()
chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
assert chromium, "Chromium is not installed"

errors, requests = [], []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    # The page forbids every script; the checker is one, so the policy is put aside for it, and kept for the reader's look.
    reader = browser.new_page(viewport={"width": 1100, "height": 1400})
    reader.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    reader.on("pageerror", lambda error: errors.append(str(error)))
    reader.on("request", lambda request: requests.append(request.url))
    reader.goto(page_file.as_uri())
    assert reader.locator("h1").count() == 1
    drawings = reader.locator("svg").count()
    for drawing in reader.locator("svg").all():
        assert len(drawing.get_attribute("aria-label")) > 20
    # By keyboard alone: the first table behind a drawing opens.
    if drawings:
        reader.locator("summary").first.focus()
        reader.keyboard.press("Enter")
        assert reader.locator("details").first.get_attribute("open") is not None
    assert requests == [page_file.as_uri()], requests
    assert not errors, errors
    # On a narrow screen nothing but tables is wider than the screen.
    reader.set_viewport_size({"width": 360, "height": 800})
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360

    checked = browser.new_context(bypass_csp=True).new_page()
    checked.goto(page_file.as_uri())
    checked.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    results = Axe().run(checked)
    browser.close()
violations = [(violation["id"], violation["help"], violation["nodes"][0]["html"]) for violation in
              results.response["violations"]]
assert not violations, violations
assert drawings >= (int(sys.argv[2]) if len(sys.argv) > 2 else 0), drawings
print(f"{page_file.name} opens, asks for nothing and has no violation of {len(results.response['passes'])} rules")
