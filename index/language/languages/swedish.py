"""Swedish."""

from __future__ import annotations

from index.language.language import Language, Talk

LANGUAGE = Language(
    code="sv",
    name="Swedish",
    stemmer="swedish",
    stop_list="swedish",
    talk=Talk(
        greetings=(
            r"hej(?:san)?|god (?:morgon|kväll|natt)|tack(?: så mycket)?|snälla|hej då|hur mår du|ja",
            r"nej",
        ),
    ),
)
