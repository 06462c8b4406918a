import pytest

from index.language.detection import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("英伟达今年的收入", "zh"),
        ("本日は晴天なり、散歩をしました", "ja"),
        ("오늘은 날씨가 좋다", "ko"),
        ("NVIDIA 在中国的 H20 芯片销售额为 46 亿美元", "zh"),
        ("The company reported its results for the third quarter on Wednesday.", "en"),
        ("Das Unternehmen veröffentlichte am Mittwoch seine Ergebnisse für das Quartal.", "de"),
        ("La empresa publicó el miércoles sus resultados del tercer trimestre.", "es"),
        ("Компания опубликовала в среду результаты третьего квартала.", "ru"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "12 + 34 = 46", "Too short", "---"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect(text) is None
