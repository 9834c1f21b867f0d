"""Opens the report of a run in Chromium as a reader would: it must open without an error, search, filter, sort and open a
claim, ask nothing of a network, and pass axe-core in light and in dark.

    python check_report.py REPORT [LEAST_CLAIMS]
"""

import shutil
import sys
import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

page_file = Path(sys.argv[1]).resolve()
least = int(sys.argv[2]) if len(sys.argv) > 2 else 1
chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
assert chromium, "Chromium is not installed"

errors, requests, rules = [], [], 0
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    reader = browser.new_page(viewport={"width": 1200, "height": 1400})
    reader.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    reader.on("pageerror", lambda error: errors.append(str(error)))
    reader.on("request", lambda request: requests.append(request.url))
    began = time.monotonic()
    reader.goto(page_file.as_uri())
    told = reader.locator("#told")
    assert told.text_content().startswith("Claims 1 to "), told.text_content()
    opened = time.monotonic() - began
    claims = int(told.text_content().split()[-1])
    assert claims >= least, claims
    rows = reader.locator("#claims-body > tr")
    assert rows.count() == min(50, claims)

    # Filter, then search for one claim of what is left.
    reader.select_option("#verdict", "rejected")
    rejected = reader.locator("#claims-body td.verdict").all_text_contents()
    assert rejected and set(rejected) == {"rejected"}, set(rejected)
    claim = rows.first.locator("th").text_content()
    began = time.monotonic()
    reader.fill("#search", claim)
    assert rows.first.locator("th").text_content() == claim
    searched = time.monotonic() - began
    found = rows.count()
    # By keyboard alone the claim opens, with its reasons and its payments.
    rows.first.locator("button").focus()
    reader.keyboard.press("Enter")
    detail = rows.nth(1).text_content()
    assert "(reject)" in detail, detail
    reader.keyboard.press("Enter")
    assert rows.count() == found
    reader.fill("#search", "no claim is like this")
    assert told.text_content() == "No claim is like that"
    reader.fill("#search", "")
    reader.select_option("#verdict", "")

    # Sorting goes both ways.
    for direction, key in (("ascending", lambda texts: texts == sorted(texts)),
                           ("descending", lambda texts: texts == sorted(texts, reverse=True))):
        reader.locator("#claims-table thead button").nth(3).click()
        assert reader.locator("#claims-table thead th").nth(3).get_attribute("aria-sort") == direction
        verdicts = reader.locator("#claims-body td.verdict").all_text_contents()
        assert key(verdicts), (direction, verdicts)
    assert requests == [page_file.as_uri()], requests
    assert not errors, errors
    reader.set_viewport_size({"width": 360, "height": 800})
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360, "wider than a narrow screen"

    for scheme in ("light", "dark"):
        checked = browser.new_context(bypass_csp=True, color_scheme=scheme).new_page()
        checked.goto(page_file.as_uri())
        checked.locator("#claims-body > tr button").first.click()
        results = Axe().run(checked)
        violations = [(violation["id"], violation["help"], violation["nodes"][0]["html"])
                      for violation in results.response["violations"]]
        assert not violations, (scheme, violations)
        rules = len(results.response["passes"])
    browser.close()
print(f"{page_file.name} opens {claims} claims in {opened:.1f} s, searches in {searched:.1f} s, asks for nothing, and has no "
      f"violation of {rules} rules in light and dark")
