"""The verdict: whether a scenario holds; and if not what was expected, what was found, and the story up to there."""

from collections.abc import Iterator

from segue.core.base import Value
from segue.loader.problems import Problem
from segue.scenario.expecting.check import Failure


class Verdict(Value):
    """What became of a scenario."""

    file: str
    title: str
    failures: tuple[Failure, ...] = ()
    mistakes: tuple[str, ...] = ()  # in its file: then it was not run
    stories: dict[str, tuple[str, ...]] = {}  # of a scenario that fails: order -> its story up to there
    at_s: int = 0  # the virtual time at which it ended
    rounds: int = 0  # of the worker

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return not self.failures and not self.mistakes

    def told(self) -> str:
        """All of it as people read it."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{'passed' if self.passed else 'FAILED'}  {self.file}  {self.title}".rstrip()
        for mistake in self.mistakes:
            yield f"  {mistake}"
        for failure in self.failures:
            yield f"  {failure}"
        for order, story in self.stories.items():
            yield f"  The story of {order} up to there:"
            yield from (f"    {line}".rstrip() for line in story)


def unreadable(file: str, problems: list[Problem]) -> Verdict:
    """The verdict on a file with mistakes."""
    return Verdict(file, "", mistakes=tuple(str(problem) for problem in problems))
