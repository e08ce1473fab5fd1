"""The limits of a condition. Whoever writes a longer one has a policy to write, or means harm."""

TEXT_MAX = 2_000  # characters of a condition, tested before anything reads it
NODES_MAX = 200  # names, literals and operations together
DEPTH_MAX = 20  # operations within operations; the checks recurse this deep and no deeper
LITERAL_MAX = 200  # characters of one text literal
INT_MAX = 2**53 - 1  # JSON, JavaScript and doubles are exact up to here, so a console can show every figure
DURATION_S_MAX = INT_MAX
