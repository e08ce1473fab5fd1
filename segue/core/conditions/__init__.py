"""The condition language: a small, safe subset of Python expressions, as written in `when:`, statuses and folders.

A condition is one line of a workflow file, such as `grade >= 40 and holds > 0` or `now - placed_at > hours(4)`. It is
read with `ast`, checked against a declared vocabulary (every name, every type, every size), and compiled once to a
function of a *view*: any object with an attribute for each name of the vocabulary, and `lines`, a sequence of objects
with an attribute for each line name. A view gives whole numbers, True or False, texts, collections of texts, instants
as epoch seconds, durations as seconds, and ABSENT as the instant of what has not happened.

What may be written:

    and or not  == != < <= > >=  in, not in (a list of literals, or a name that is a collection of texts)  + - * //
    True False 42 'text'  NAME  line.NAME  minutes(30) hours(4) days(2)  min() max() abs() len() lower() starts() ends()
    any(... for line in lines if ...)  all(... for line in lines)  sum(... for line in lines)

Everything else is refused when the workflow is loaded, with the place and what was probably meant. A checked condition
cannot fail, loop or reach anything but its view.
"""

from segue.core.conditions.compiling import Condition, View, compile_condition
from segue.core.conditions.limits import DEPTH_MAX, DURATION_S_MAX, INT_MAX, LITERAL_MAX, NODES_MAX, TEXT_MAX
from segue.core.conditions.mistakes import ConditionError
from segue.core.conditions.together import next_flip, places
from segue.core.conditions.vocabulary import ABSENT, TYPES, Name, Vocabulary

__all__ = [
    "ABSENT",
    "DEPTH_MAX",
    "DURATION_S_MAX",
    "INT_MAX",
    "LITERAL_MAX",
    "NODES_MAX",
    "TEXT_MAX",
    "TYPES",
    "Condition",
    "ConditionError",
    "Name",
    "View",
    "Vocabulary",
    "compile_condition",
    "next_flip",
    "places",
]
