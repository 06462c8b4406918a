"""Makes the PDF, the Word file and the workbook of the sample corpus, from facts that its Markdown files hold.

Run it with `python -m tests.benchmarks.corpus_samples` from the root of the repository, after a change to those facts.
"""

from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
from fpdf import FPDF

FOLDER = Path("corpus/nvidia-china")
MADE = datetime(2025, 11, 20, tzinfo=UTC)

CHRONOLOGY = {
    "Summer 2025": (
        ("Mid-July 2025", "Jensen Huang, while in China, made known that Washington had approved sales of the H20."),
        ("31 July 2025", "China asked NVIDIA to explain the risk of backdoors in the H20 and to hand in evidence."),
        (
            "10 August 2025",
            "The Financial Times reported that chip companies would pay 15% of their revenue from China.",
        ),
    ),
    "Autumn 2025": (
        ("15 September 2025", "Chinese regulators declared that NVIDIA had broken the anti-monopoly law."),
        ("26 October 2025", "The third quarter of NVIDIA ended, with about $50 million from the H20."),
        ("29 October 2025", "Guo Jiakun referred questions about Jensen Huang to the authorities in charge."),
    ),
    "November 2025": (
        ("19 November 2025", "NVIDIA published its results and Colette Kress spoke on the earnings call."),
        ("20 November 2025", "The South China Morning Post wrote that sales in China kept falling."),
    ),
}
BRIEFING = {
    "The rules": (
        "The present regulation keeps NVIDIA from offering China its more competitive products.",
        "Restrictions on chip exports were put in place under the Biden administration and under the "
        "Trump administration.",
    ),
    "The money": (
        "Export licences were to be issued in exchange for 15% of the revenue from chip sales in China.",
        "Observer News remarks that the payment could also be called a commission.",
    ),
    "The rivals": (
        "Amazon and Microsoft backed a bill that may limit the exports of NVIDIA to China further.",
        "The Wall Street Journal reported on the support for the bill.",
    ),
}
PEOPLE = (
    ("Name", "Role"),
    ("Colette Kress", "Chief Financial Officer of NVIDIA"),
    ("Guo Jiakun", "Spokesperson of the Foreign Ministry of China"),
)
SHEETS: dict[str, tuple[tuple[str | float, ...], ...]] = {
    "Third quarter": (
        ("Item", "Amount (million dollars)", "Change on the year"),
        ("Total revenue", 57000, 0.62),
        ("Sales in mainland China and Hong Kong", 3000, -0.63),
        ("Sales of the H20", 50, "not stated"),
    ),
    "H20 chart": (
        ("Quarter of 2025", "Sales of the H20 (million dollars)"),
        ("First quarter", 4600),
        ("Second quarter, customers in China", 0),
        ("Third quarter", 50),
    ),
}


def main() -> None:
    """Write the three files."""
    (FOLDER / "chronology.pdf").write_bytes(_chronology())
    _briefing().save(str(FOLDER / "briefing.docx"))
    _figures().save(FOLDER / "quarter-figures.xlsx")


def _chronology() -> bytes:
    made = FPDF()
    made.set_creation_date(MADE)
    made.set_title("Chronology of NVIDIA and China in 2025")
    for season, events in CHRONOLOGY.items():
        made.add_page()
        made.set_font("Helvetica", "B", 18)
        made.cell(text=f"Chronology: {season}", new_x="LMARGIN", new_y="NEXT", h=14)
        for day, event in events:
            made.set_font("Helvetica", "B", 13)
            made.cell(text=day, new_x="LMARGIN", new_y="NEXT", h=10)
            made.set_font("Helvetica", "", 11)
            made.multi_cell(0, 6, event, new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def _briefing() -> docx.document.Document:
    made = docx.Document()
    made.core_properties.author = "Footnote"
    made.core_properties.created = made.core_properties.modified = MADE.replace(tzinfo=None)
    made.add_heading("Briefing: NVIDIA between two governments", 0)
    for heading, sentences in BRIEFING.items():
        made.add_heading(heading, 1)
        made.add_paragraph(" ".join(sentences))
    made.add_heading("The people", 1)
    table = made.add_table(len(PEOPLE), 2)
    for row, texts in zip(table.rows, PEOPLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def _figures() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.properties.created = made.properties.modified = MADE.replace(tzinfo=None)
    made.properties.title = "Figures of NVIDIA's third quarter of 2025"
    made.remove(made.worksheets[0])
    for name, rows in SHEETS.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for row in sheet.iter_rows(min_row=2):
            for cell in row[1:]:
                cell.number_format = "0%" if cell.column == 3 else "#,##0"
    return made


if __name__ == "__main__":
    main()
