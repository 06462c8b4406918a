"""The outcome of a trial: what was counted and measured, and what was found that must not be."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What one trial came to: its figures by name, and one line for each thing that went wrong."""

    name: str
    figures: dict[str, float | int | str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def count(self, figure: str, by: int = 1) -> None:
        self.figures[figure] = int(self.figures.get(figure, 0)) + by

    def expect(self, condition: object, failure: str) -> None:
        if not condition:
            # What it quotes may hold half a character, which cannot be printed.
            self.failures.append(failure.encode("utf-8", "backslashreplace").decode())

    def __str__(self) -> str:
        figures = ", ".join(f"{name} {_shown(value)}" for name, value in self.figures.items())
        lines = [f"{'FAILED' if self.failures else 'ok':6} {self.name}: {figures}"]
        lines += [f"       - {failure}" for failure in self.failures[:20]]
        return "\n".join(lines)


def _shown(value: float | str) -> str:
    return f"{value:,}" if isinstance(value, int | float) else value
