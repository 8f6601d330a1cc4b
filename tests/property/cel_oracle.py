"""The C++ engine as a yardstick, asked so that its Python binding cannot do harm.

The binding must never hand a null to Python (its reference counts are wrong there, which ends the process on Python
3.11), so values never leave the engine: it is asked whether the expression fails, and whether it equals a literal.
"""

import math
from functools import lru_cache

from cel_expr_python import cel

from aiconf.cel.values import CelType, UInt

EXTENSIONS = ("bindings", "optional", "strings", "math", "lists", "sets", "two-var-comprehensions")
FAILS = "an error"
REFUSED = "the yardstick's own limits"


@lru_cache(maxsize=1)
def environment():
    config = "extensions:\n" + "".join(f"  - name: {name}\n" for name in EXTENSIONS)
    variables = dict.fromkeys(("x", "y"), cel.Type.DYN)
    return cel.NewEnv(config=cel.NewEnvConfigFromYaml(config), variables=variables)


def _run(text, data):
    try:
        # Unchecked, because documents have no declared types for our engine either.
        return environment().compile(text, disable_check=True).eval(data=data)
    except RuntimeError as error:
        limits = ("recursion", "budget", "codepoint limit")
        return REFUSED if any(limit in str(error).lower() for limit in limits) else FAILS


def judge(text, data, found):
    """What the C++ engine has to say on our outcome ``found`` (a value or ``FAILS``): True, False or ``REFUSED``."""
    value = _run(text, data)
    if value is REFUSED:
        return REFUSED
    failed = value is FAILS or value.type() == cel.Type.ERROR
    if failed or found is FAILS:
        return failed and found is FAILS
    same = _run(f"type({text}) == type({literal(found)}) && ({text}) == {literal(found)}", data)
    return REFUSED if same is REFUSED else same is not FAILS and same.type() == cel.Type.BOOL and same.value()


def literal(value):  # noqa: PLR0911 - one for each type
    """A value as a CEL literal."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, UInt):
        return f"{int(value)}u"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f"({'-' if value < 0 else ''}1.0 / 0.0)"
    if isinstance(value, str):
        return "'" + "".join(f"\\U{ord(character):08x}" for character in value) + "'"
    if isinstance(value, bytes):
        return "b'" + "".join(f"\\x{byte:02x}" for byte in value) + "'"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, CelType):
        return value.name
    raise TypeError(f"no literal of {type(value).__name__}")


def has_nan(value):
    """Whether a value does not equal itself."""
    if isinstance(value, list):
        return any(map(has_nan, value))
    if isinstance(value, dict):
        return any(map(has_nan, value.values()))
    return isinstance(value, float) and math.isnan(value)
