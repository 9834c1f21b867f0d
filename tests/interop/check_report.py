"""Opens the report of a run in Chromium as a reader would, under several font sets: it must open without an error,
search, filter, sort and open a claim, make no network request, fit a narrow screen, and pass axe-core in light and dark
mode.

    python check_report.py REPORT [LEAST_CLAIMS]
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from browsers import CALL_LIMIT_MS, FONT_SETS, browser_with, check_access, limit_time, prove_fonts, prove_it_fits

page_file = Path(sys.argv[1]).resolve()
least_claims = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def read(browser, font_set):
    """Uses the page with its policy in force; returns how many claims it lists, and the seconds to open and to search
    it."""
    errors, requests = [], []
    reader = browser.new_page(viewport={"width": 1200, "height": 1400})
    reader.set_default_timeout(CALL_LIMIT_MS)
    reader.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    reader.on("pageerror", lambda error: errors.append(str(error)))
    reader.on("request", lambda request: requests.append(request.url))
    began = time.monotonic()
    reader.goto(page_file.as_uri())
    told = reader.locator("#told")
    assert told.text_content().startswith("Claims 1 to "), told.text_content()
    opened = time.monotonic() - began
    prove_fonts(reader, font_set)
    claims = int(told.text_content().split()[-1])
    assert claims >= least_claims, claims
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
    prove_it_fits(reader, font_set)
    rows.first.locator("button").click()
    prove_it_fits(reader, font_set)
    reader.close()
    return claims, opened, searched


limit_time()
with sync_playwright() as playwright:
    for font_set in FONT_SETS:
        with browser_with(playwright, font_set) as browser:
            claims, opened, searched = read(browser, font_set)
            # What axe-core looks for does not depend on the font, and takes most of the time.
            if font_set == FONT_SETS[0]:
                # With one claim open.
                rules = check_access(browser, page_file.as_uri(),
                                     lambda page: page.locator("#claims-body > tr button").first.click())
print(f"{page_file.name} opens {claims} claims in {opened:.1f} s, searches in {searched:.1f} s, asks for nothing, fits a narrow "
      f"screen under {len(FONT_SETS)} font sets and has no violation of {rules} rules in light and dark")
