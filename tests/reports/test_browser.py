"""Pages and mails in a real browser: narrow, dark, by keyboard, without the network."""

import json
import os
import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from reports import site
from reports.overview import overview
from tests.reports import nights
from tests.reports.histories import history
from tests.reports.test_golden import MAILS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WIDTHS = [320, 640, 1280]


@pytest.fixture(scope="module")
def browser():
    """Chromium without a window, telling all that it logs and asks for."""
    binary = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("needs chromium (CHROMIUM, or on PATH) and chromedriver on PATH")
    options = Options()
    options.binary_location = binary
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    running = webdriver.Chrome(options=options, service=Service(driver))
    yield running
    running.quit()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The pages, and each mail as a file."""
    folder = tmp_path_factory.mktemp("pages")
    site.write(folder, overview(history(), nights.policy()))
    for name, build in MAILS.items():
        (folder / f"{name}.html").write_text(build().html, "utf-8")
    return folder


def show(browser, path, width, scheme="light"):
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(path.as_uri())


NAMES = ["index", "trends", *MAILS]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(browser, files, name, width):
    show(browser, files / f"{name}.html", width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    wide = browser.execute_script(
        "return [...document.querySelectorAll('p,h1,h2,h3,li,th,td,summary')]"
        ".filter(e => !e.closest('.scroll') && e.getClientRects().length"
        " && e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)"
    )
    assert not wide


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_of_the_network_and_nothing_is_complained_of(browser, files, name):
    show(browser, files / f"{name}.html", 640)
    events = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert len([url for url in asked if url.startswith("file://")]) == 1
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(("scheme", "ground"), [("light", 244), ("dark", 16)])
@pytest.mark.parametrize("name", ["trends", "owner"])
def test_light_and_dark(browser, files, name, scheme, ground):
    show(browser, files / f"{name}.html", 640, scheme)
    colour = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert colour.startswith(f"rgb({ground},")


def test_a_table_opens_and_closes_by_keyboard(browser, files):
    show(browser, files / "trends.html", 640)
    first = browser.find_element(By.TAG_NAME, "details")
    seen = []
    for _ in range(30):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        seen.append(active.text or active.get_attribute("aria-label"))
        if active.tag_name == "summary":
            break
    assert seen[0] == "Skip to content"
    assert active.tag_name == "summary"
    for expected in ("true", None):
        active.send_keys(Keys.ENTER)
        assert first.get_attribute("open") == expected


def test_a_chart_that_does_not_fit_scrolls_by_keyboard(browser, files):
    show(browser, files / "trends.html", 320)
    chart = browser.find_element(By.CSS_SELECTOR, ".scroll")
    browser.execute_script("arguments[0].focus()", chart)
    chart.send_keys(Keys.ARROW_RIGHT)
    scrolled = "return arguments[0].scrollLeft"
    for _ in range(50):
        if browser.execute_script(scrolled, chart) > 0:
            break
    assert browser.execute_script(scrolled, chart) > 0
    outline = browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", chart)
    assert outline == "solid"


def test_print_uses_light_values_and_no_navigation(browser, files):
    show(browser, files / "trends.html", 640, "dark")
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]},
    )
    colour = browser.execute_script("return getComputedStyle(document.body).color")
    assert colour == "rgb(23, 33, 43)"
    shown = browser.execute_script(
        "return getComputedStyle(document.querySelector('.top ul')).display"
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == "none"
