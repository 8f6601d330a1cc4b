"""Looking names up by the system's resolver."""

import asyncio
import socket
import threading

import pytest

from aiconf.online.names import Names, NoAddressError, NoSuchHostError, system_resolve


def resolver(monkeypatch, outcome):
    """The system's resolver replaced at its last step, since a look-up of a public name would leave this machine."""
    asked = []

    def getaddrinfo(host, *_args, **_options):
        asked.append(host)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def rows(*addresses):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]


def test_this_machine_has_a_loopback_address():
    assert set(asyncio.run(system_resolve("localhost"))) & {"127.0.0.1", "::1"}


def test_a_name_is_looked_up_as_it_is_and_never_inside_a_search_domain(monkeypatch):
    asked = resolver(monkeypatch, rows("8.8.8.8", "8.8.4.4", "8.8.8.8"))
    assert asyncio.run(system_resolve("docs.acme.example")) == ["8.8.8.8", "8.8.4.4"]
    assert asyncio.run(system_resolve("docs.acme.example.")) == ["8.8.8.8", "8.8.4.4"]
    assert asked == [b"docs.acme.example."] * 2


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), NoSuchHostError),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), NoAddressError),
        (socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure in name resolution"), NoAddressError),
        (socket.gaierror(-5, "No address associated with hostname"), NoAddressError),
        (OSError("too many open files"), NoAddressError),
        (UnicodeError("label too long"), NoAddressError),
    ],
)
def test_only_a_name_that_does_not_exist_is_called_missing(monkeypatch, failure, expected):
    resolver(monkeypatch, failure)
    with pytest.raises(expected):
        asyncio.run(system_resolve("gone.example"))


def test_a_look_up_that_hangs_holds_nothing_up(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: release.wait(10) and rows("8.8.8.8"))

    async def impatient():
        async with asyncio.timeout(0.1):
            await system_resolve("slow.example")

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    (waiting,) = [thread for thread in threading.enumerate() if thread.name == "aiconf-dns"]
    assert waiting.daemon
    release.set()  # the answer comes when nobody waits and the loop is closed
    waiting.join(5)
    assert not waiting.is_alive()


def test_that_a_name_is_missing_is_believed_once_another_was_found():
    asked = []

    async def resolve(host):
        asked.append(host)
        if host == "gone.example":
            raise NoSuchHostError(host)
        return ["8.8.8.8"]

    async def scenario():
        names = Names(resolve, "control.example")
        await names.addresses("there.example")
        for _ in range(2):
            with pytest.raises(NoSuchHostError):
                await names.addresses("gone.example")

    asyncio.run(scenario())
    assert asked == ["there.example", "gone.example", "gone.example"]  # no need for the control


def test_without_any_name_the_control_is_asked_once_for_all():
    asked = []

    async def resolve(host):
        asked.append(host)
        raise NoSuchHostError(host)

    async def scenario():
        names = Names(resolve, "control.example")
        results = await asyncio.gather(*(names.addresses(f"h{n}.example") for n in range(5)), return_exceptions=True)
        assert {type(result) for result in results} == {NoAddressError}

    asyncio.run(scenario())
    assert asked.count("control.example") == 1
