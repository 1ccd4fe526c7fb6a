"""Telling a browser in a few words from what it says of itself, so that people know their own again."""

from __future__ import annotations

import re

_BROWSERS = (
    ("MicroMessenger", "WeChat 微信"),
    ("DingTalk", "DingTalk 钉钉"),
    ("QQBrowser", "QQ Browser"),
    ("QIHU|360SE|360EE", "360"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Edg|EdgA|EdgiOS|Edge", "Edge"),
    ("OPR", "Opera"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Version(?=.*Safari)", "Safari"),
)
"""What to look for and what to call it; those that claim to be others come before them."""

_SYSTEMS = (
    ("Windows NT", "Windows"),
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Mac OS X|Macintosh", "macOS"),
    ("Linux|X11", "Linux"),
)


def browser_words(said: str) -> str:
    """Browser with its main version, and system, as in ``Edge 120, Windows``; empty when neither is known.

    ``said`` is the User-Agent header. It is anyone's text: only words of the lists and digits come out.
    """
    said = said[:500]
    words = []
    for pattern, name in _BROWSERS:
        found = re.search(rf"\b(?:{pattern})(?:/(\d{{1,4}}))?", said)
        if found:
            words.append(f"{name} {found[1]}" if found[1] else name)
            break
    words += [name for pattern, name in _SYSTEMS if re.search(pattern, said)][:1]
    return ", ".join(words)
