"""HiGHS, the solver of linear and mixed-integer programs: how we call it, and what it must have answered.

One thread for every instance (with different counts a run can return an empty answer without a word), no limits in
seconds (they count over an instance's whole life, and the answer would depend on the machine), and the model's status
is asked each time.
"""

from typing import Any, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
INFINITY = float(highspy.kHighsInf)
FINISHED = (highspy.HighsModelStatus.kOptimal,)
FORMATS = (highspy.MatrixFormat.kRowwise, highspy.MatrixFormat.kColwise)
STOPPED = (
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kIterationLimit,
)  # nodes are a solution limit


class Unsolved(Exception):
    """The solver found no answer: the model or the limits are wrong."""


class Matrix(NamedTuple):
    """A sparse matrix, by rows or by columns: where each of them begins, then the numbers of the others and the values."""

    starts: Any
    numbers: Any
    values: Any
    by_column: bool = False


class Quiet(highspy.Highs):
    """A solver that is silent before it prints its name, which it does at its first call whatever is set afterwards."""

    def enableCallbacks(self) -> None:
        """Be silent from the first call on."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def instance(**options: Any) -> Any:
    """A silent solver on one thread, with these options of HiGHS."""
    made = Quiet()  # type: ignore[no-untyped-call]
    for name, value in {"threads": 1, "random_seed": 0, **options}.items():
        if made.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise Unsolved(f"HiGHS refuses {name}={value}")
    return made


def run(made: Any, *, stopped: bool = False) -> bool:
    """Solve; returns whether to the end. Raises Unsolved without an answer, or without the best unless `stopped`."""
    made.run()
    status = made.getModelStatus()
    if status in FINISHED:
        return True
    if (
        stopped
        and status in STOPPED
        and made.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    ):
        return False
    raise Unsolved(made.modelStatusToString(status))


def load(
    made: Any, *, cost: Any, upper: Any, row_lower: Any, row_upper: Any, matrix: Matrix, integral: bool = False
) -> None:
    """Give a solver its model: columns from 0 to `upper`, all of them integers or none."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(row_lower)
    model.col_cost_ = np.asarray(cost, np.float64)
    model.col_lower_ = np.zeros(len(cost))
    model.col_upper_ = np.asarray(upper, np.float64)
    model.row_lower_ = np.asarray(row_lower, np.float64)
    model.row_upper_ = np.asarray(row_upper, np.float64)
    model.a_matrix_.format_ = FORMATS[matrix.by_column]
    model.a_matrix_.start_ = np.asarray(matrix.starts, np.int32)
    model.a_matrix_.index_ = np.asarray(matrix.numbers, np.int32)
    model.a_matrix_.value_ = np.asarray(matrix.values, np.float64)
    if integral:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    if made.passModel(model) != highspy.HighsStatus.kOk:
        raise Unsolved("HiGHS refuses the model")


def begin_with(made: Any, columns: Any) -> None:
    """Give a solver a solution to improve on."""
    solution = highspy.HighsSolution()
    solution.col_value = list(columns)
    made.setSolution(solution)


def values(made: Any) -> Floats:
    """The value of each column in the answer."""
    return np.array(made.getSolution().col_value)


def duals(made: Any) -> Floats:
    """The dual of each row in the answer: by how much the cost would change for one more of its right side."""
    return np.array(made.getSolution().row_dual)
