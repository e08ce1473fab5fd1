"""Progress: how far it is, how fast it goes, how long it will take: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress

LINE_EVERY_S = 5.0
DRAW_EVERY_S = 0.2


class Bar:
    """Shows how many of `total` are done; without a total only how many. Writes to stderr, and nothing if it is `quiet`."""

    def __init__(self, title: str, unit: str, total: int | None = None, quiet: bool = False) -> None:
        from segue.main.output import errors

        self.title = title
        self.unit = unit
        self.total = total
        self.done = 0
        self._started_s = time.monotonic()
        self._shown_s = self._started_s
        self._quiet = quiet
        self._drawn: tuple[Progress, Any] | None = None
        if not quiet and errors().is_terminal:
            self._drawn = _drawn(title, total)

    def __enter__(self) -> Self:
        if self._drawn:
            self._drawn[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._draw()
            self._drawn[0].stop()

    @property
    def is_due(self) -> bool:
        """Whether it is time to show something again: finding out how far it is may cost something too."""
        every_s = DRAW_EVERY_S if self._drawn else LINE_EVERY_S
        return not self._quiet and time.monotonic() - self._shown_s >= every_s

    def show(self, done: int, total: int | None = None) -> None:
        """So many are done now."""
        self.done = done
        self.total = self.total if total is None else total
        if self.is_due:
            self._shown_s = time.monotonic()
            if self._drawn:
                self._draw()
            else:
                self._line()

    def _draw(self) -> None:
        assert self._drawn is not None
        progress, task = self._drawn
        progress.update(task, completed=self.done, total=self.total, speed=f"{self._rate():,.0f} {self.unit}/s")

    def _line(self) -> None:
        from segue.main.formats import span
        from segue.main.output import errors

        rate = self._rate()
        text = f"{self.title}: {self.done:,}"
        if self.total:
            text += f" of {self.total:,}"
        text += f" {self.unit}, {rate:,.0f}/s"
        if self.total and rate and self.done < self.total:
            text += f", about {span(int((self.total - self.done) / rate) + 1)} left"
        errors().print(text)

    def _rate(self) -> float:
        return self.done / max(0.001, time.monotonic() - self._started_s)


def _drawn(title: str, total: int | None) -> tuple[Progress, Any]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from segue.main.output import errors

    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}", markup=False),
        TimeRemainingColumn(),
        console=errors(),
        transient=True,
    )
    return progress, progress.add_task(title, total=total, speed="")
