# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser, without a window: Debian's chromium."""

import pathlib
import shutil

import pytest
from selenium import webdriver

#: What the tests leave for people to look at.
PICTURES = pathlib.Path(__file__).parents[1] / "output" / "browser"


@pytest.fixture(scope="session")
def pictures() -> pathlib.Path:
    """Return the folder for pictures, made anew."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    return PICTURES


@pytest.fixture(scope="session")
def browser():
    """Return the browser. It has no network: a page that asks for anything gets an error, which is a finding."""
    options = webdriver.ChromeOptions()
    # --no-sandbox: root runs CI.
    for word in (
        "headless=new",
        "no-sandbox",
        "disable-dev-shm-usage",
        "window-size=1280,900",
        "proxy-server=127.0.0.1:9",
    ):
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options, service)
    yield driver
    driver.quit()
