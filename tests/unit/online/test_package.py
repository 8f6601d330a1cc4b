"""What importing and configuring costs."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from aiconf.errors import InputError, UsageError
from aiconf.online import Settings, Wanted, check_urls

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_importing_the_package_loads_no_http_library():
    code = (
        "import sys, aiconf.online; print(sorted({'httpx', 'httpcore', 'asyncio', 'ssl', 'yaml'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    "proxy", ["", "nonsense", "socks5://proxy.example", "http://", "http://[", "https://a.example"]
)
def test_a_proxy_that_is_no_http_address_is_the_callers_error(proxy):
    with pytest.raises(UsageError, match="proxy"):
        check_urls([Wanted("http://127.0.0.1/")], Settings(now=NOW, proxy=proxy))


def test_a_private_network_that_is_none_is_the_callers_error():
    with pytest.raises(UsageError, match="private network"):
        check_urls([Wanted("http://127.0.0.1/")], Settings(now=NOW, allow_private=("here",)))


@pytest.mark.parametrize("content", [None, b"", b"no certificates"])
def test_certificates_that_cannot_be_read_are_an_input_error(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"ca\.pem"):
        check_urls([Wanted("http://127.0.0.1/")], Settings(now=NOW, ca_file=path))
