"""What a person may choose for themselves, kept in cookies: language and text size."""

from __future__ import annotations

LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""Language codes with the tag that pages carry."""

LANGUAGE_COOKIE = "language"

TEXT_SIZES = {"a": "A", "aplus": "A+", "aplusplus": "A++"}
"""Text sizes with their labels; the first is the usual one."""

TEXT_COOKIE = "text_size"
