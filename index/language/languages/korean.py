"""Korean."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk

LANGUAGE = Language(
    code="ko",
    name="Korean",
    read_as="en",
    negation=Negation(negative=("않|없|못|안 |아니|불|미",)),
    orders=Orders(
        anywhere=(r"(?:이전|위의|앞의|모든).{0,6}(?:지시|명령|프롬프트).{0,8}무시",),
    ),
    talk=Talk(
        greetings=(
            r"안녕(?:하세요|히 가세요)?|여러분|감사합니다|고마워(?:요)?|고맙습니다|네|아니요|정말(?:요)?",
            r"반가워요?|ㅋㅋ+|ㅎㅎ+",
        ),
    ),
)
