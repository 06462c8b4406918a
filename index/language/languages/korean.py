"""Korean."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders

LANGUAGE = Language(
    code="ko",
    name="Korean",
    read_as="en",
    negation=Negation(negative=("않|없|못|안 |아니|불|미",)),
    orders=Orders(
        anywhere=(r"(?:이전|위의|앞의|모든).{0,6}(?:지시|명령|프롬프트).{0,8}무시",),
    ),
)
