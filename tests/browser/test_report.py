# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in a real browser: readable in light and dark, by keys alone, on a phone and on paper; judged by axe."""

import base64
import json
import pathlib
import re

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.page import page
from ansible_collections.brickwork.gluster.tests.fakes.reported import ReportedCluster

AXE = pathlib.Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"


def broken_cluster() -> ReportedCluster:
    """Return a cluster of which every section has something to tell."""
    cluster = ReportedCluster(nodes=9, volumes=24)
    cluster.silence("node0005")
    cluster.pool["heal"][0].update(pending=37, split_brain=1)
    cluster.pool["split_brain"] = {cluster.pool["heal"][0]["volume"]: ["/projects/plan.ods"]}
    cluster.pool["tasks"] = [{"volume": "volume00000", "kind": "Rebalance", "status": "in progress"}]
    cluster.look("node0001")["gluster"].update(certificate_days=3)
    cluster.look("node0002")["gluster"].update(maintenance="2026-11-28 21:00 UTC (new memory)", running=False)
    cluster.volume("volume00002").update(status="Stopped", started=False, snapshots=2)
    return cluster


CLUSTERS = {
    "well": lambda: ReportedCluster(nodes=6, volumes=6),
    "broken": broken_cluster,
    "large": lambda: ReportedCluster(nodes=100, devices=8, volumes=1000),
}


@pytest.fixture(scope="module", params=sorted(CLUSTERS))
def shown(request, browser, tmp_path_factory):
    """Return the name of a cluster whose report the browser shows."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page(CLUSTERS[request.param]().report()))
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(file.as_uri())
    return request.param


def set_media(browser, scheme: str = "light", width: int = 1280) -> None:
    """Have the page believe in a scheme of colours, and in a width of the window in pixels."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def test_it_asks_the_network_for_nothing_and_breaks_no_rule_of_its_own(shown, browser):
    requests = [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        for message in [json.loads(entry["message"])["message"]]
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in requests if not url.startswith("file:")] == []
    assert browser.get_log("browser") == []
    assert browser.title.startswith("GlusterFS cluster test")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_both_schemes_and_pictures_of_them_are_kept(shown, browser, pictures, scheme):
    set_media(browser, scheme)
    browser.execute_script("scrollTo(0, 0)")
    browser.save_screenshot(str(pictures / f"{shown}-{scheme}.png"))
    colour = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3
    assert (brightness > 200) if scheme == "light" else (brightness < 60)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_but_tables_is_wider_than_the_window(shown, browser, pictures, width):
    set_media(browser, width=width)
    browser.save_screenshot(str(pictures / f"{shown}-{width}.png"))
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(shown, browser, scheme):
    if shown == "large":
        pytest.skip("it is made of the same parts, and axe would take minutes for it")
    set_media(browser, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    # The page's own policy lets nobody's script in but through the driver.
    browser.execute_script(AXE.read_text())
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    told = [(one["id"], one["help"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]
    assert told == [] and len(found["passes"]) > 20


def test_all_of_it_is_reached_by_keys_and_seen_where_one_is(shown, browser):
    """Tab goes through what can be used in the order of the page, first the way past the sections."""
    if shown == "large":
        pytest.skip("it is made of the same parts, and has thousands of them")
    set_media(browser)
    browser.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
    usable = browser.execute_script(
        "return [...document.querySelectorAll('a[href], summary, input, [tabindex=\"0\"]')]"
        ".filter(one => one.checkVisibility()).length"
    )
    seen = []
    while len(seen) < usable:
        ActionChains(browser).send_keys(Keys.TAB).perform()
        one = browser.switch_to.active_element
        seen.append(one.id)
        if len(seen) <= 40:
            style = browser.execute_script("const s = getComputedStyle(arguments[0]); return s.outlineStyle", one)
            assert style != "none", one.get_attribute("outerHTML")[:200]
    assert len(set(seen)) == usable
    first = browser.find_element(By.CSS_SELECTOR, "a.skip")
    assert seen[0] == first.id


def test_a_volume_is_found_by_typing_and_opened_by_a_key(shown, browser):
    set_media(browser)
    field = browser.find_element(By.ID, "filter")
    field.clear()
    field.send_keys("volume00003")
    visible = [one for one in browser.find_elements(By.CSS_SELECTOR, "#volumes details") if one.is_displayed()]
    assert len(visible) == 1
    summary = visible[0].find_element(By.TAG_NAME, "summary")
    was_open = visible[0].get_attribute("open")
    summary.send_keys(Keys.ENTER)
    assert visible[0].get_attribute("open") != was_open
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(Keys.DELETE)


def test_on_paper_all_volumes_are_open(shown, browser, pictures):
    if shown == "large":
        pytest.skip("a thousand pages")
    set_media(browser)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = false)")
    paper = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
    (pictures / f"{shown}.pdf").write_bytes(base64.b64decode(paper["data"]))
    assert browser.execute_script("return [...document.querySelectorAll('details')].every(one => one.open)")


def test_a_hundred_nodes_and_a_thousand_volumes_stay_small_and_quick(shown, browser):
    if shown != "large":
        pytest.skip("only of the large one")
    size = browser.execute_script("return document.documentElement.outerHTML.length")
    assert size < 3_000_000
    assert len(browser.find_elements(By.CSS_SELECTOR, "#volumes details")) == 1000
