"""The import budget: start-up is most of what linting one file costs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNNEEDED = {
    *("jsonschema", "jsonschema_rs", "pydantic", "lark", "celpy", "kubernetes", "httpx", "asyncio", "ssl", "socket"),
    *("email", "multiprocessing", "xml", "zoneinfo", "tempfile", "subprocess", "aiconf.testresults", "aiconf.snapshot"),
    *("aiconf.catalog.compiler", "aiconf.online", "aiconf.cel.parse", "aiconf.cel.reference", "aiconf.source.mending"),
    *("aiconf.submission.attribution", "aiconf.submission.wording", "aiconf.layers", "aiconf.layers_file"),
    *("aiconf.submission.attribution", "aiconf.submission.wording", "aiconf.settlement", "aiconf.suppression"),
    *("aiconf.source.blocks", "aiconf.userfile", "tomllib"),
    *("aiconf.submission.attribution", "aiconf.submission.wording", "aiconf.fix", "aiconf.verify"),
}


def test_a_clean_file_without_artifacts_loads_only_what_it_needs():
    product = ROOT / "fixtures/submissions/v1.36/corvid/PRODUCT.yaml"
    script = (
        f"import sys; from aiconf.cli import run; code = run(['lint', {str(product)!r}, '-q']); "
        f"print(code, sorted({UNNEEDED!r} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", script]
    # The first run compiles and caches the catalog, for which much of this is needed.
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT) for _ in range(2))
    assert first.stdout
    assert second.stdout.splitlines()[-1] == "0 []"
