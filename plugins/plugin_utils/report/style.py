# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The looks of the report, and the little that it can do by a script. Nothing is loaded from anywhere. PRIVATE."""

import base64
import hashlib
from collections.abc import Mapping

#: Of each theme what is used for what. tests/unit compute the contrast of every pair that stands on each other.
PALETTES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "back": "#ffffff",
        "raised": "#f3f5f7",
        "text": "#1b1f24",
        "quiet": "#4f5863",
        "line": "#767f8a",
        "link": "#0b57a4",
        "good": "#1a6332",
        "warn": "#7a4a00",
        "bad": "#a3161f",
    },
    "dark": {
        "back": "#14171a",
        "raised": "#1f2429",
        "text": "#e8eaed",
        "quiet": "#b2bac3",
        "line": "#808a95",
        "link": "#8cc0ff",
        "good": "#7fd49a",
        "warn": "#f0bf6a",
        "bad": "#ff9c98",
    },
}
#: What is written in colours of the palette, and on which.
TEXTS = ("text", "quiet", "link", "good", "warn", "bad")
BACKGROUNDS = ("back", "raised")
#: What is no text and has to be seen: lines, and the frame around what has the keyboard.
MARKS = ("line", "link")

_RULES = """
*{box-sizing:border-box}
html{color-scheme:light dark}
body{margin:0 auto;max-width:80rem;padding:0 1rem 3rem;background:var(--back);color:var(--text);
font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:1rem 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1rem 0 .25rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-100rem}
.skip:focus{position:static}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}
.quiet{color:var(--quiet)}
.good{color:var(--good);font-weight:600}
.warn{color:var(--warn);font-weight:600}
.bad{color:var(--bad);font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}
dt{color:var(--quiet)}
dd{margin:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;margin:.5rem 0;width:100%}
caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);
overflow-wrap:anywhere;min-width:4rem}
tbody th{font-weight:600}
details{border:1px solid var(--line);border-radius:.25rem;margin:.25rem 0;padding:0 .75rem;background:var(--raised)}
summary{padding:.35rem 0;cursor:pointer}
details>:last-child{margin-bottom:.75rem}
input{font:inherit;color:var(--text);background:var(--back);border:1px solid var(--line);padding:.25rem .5rem}
[hidden]{display:none}
@media print{
body{max-width:none;font-size:10pt}
nav,.skip,.filter{display:none}
details{break-inside:avoid;border:0;padding:0}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible}
thead{display:table-header-group}
tr{break-inside:avoid}
}
"""

#: The report is whole without it: it has volumes filtered by their words, and all of them open when it is printed.
SCRIPT = """
(function(){
var field=document.getElementById("filter"),count=document.getElementById("filter-count");
var volumes=[].slice.call(document.querySelectorAll("#volumes details"));
if(field){
field.parentNode.hidden=false;
field.addEventListener("input",function(){
var words=field.value.toLowerCase().split(/\\s+/),shown=0;
volumes.forEach(function(one){
var text=one.textContent.toLowerCase();
var fits=words.every(function(word){return text.indexOf(word)>=0});
one.hidden=!fits;
shown+=fits?1:0;
});
count.textContent=shown+" of "+volumes.length+" volumes";
});
}
addEventListener("beforeprint",function(){
[].forEach.call(document.querySelectorAll("details"),function(one){one.open=true});
});
})();
"""


def _variables(theme: str) -> str:
    return ":root{" + "".join(f"--{name}:{colour};" for name, colour in PALETTES[theme].items()) + "}"


# On paper the light one is used, whatever the screen has.
STYLE = (
    _variables("light")
    + "@media screen and (prefers-color-scheme:dark){"
    + _variables("dark")
    + "}"
    + _RULES.replace("\n", "")
)


def policy() -> str:
    """Return what the browser may load and run: this style and this script, and nothing else."""
    return f"default-src 'none'; style-src '{_digest(STYLE)}'; script-src '{_digest(SCRIPT)}'; base-uri 'none'"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
