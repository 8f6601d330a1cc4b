"""Whether the addresses in a submission can be opened: asked of the network, only on request, and politely.

    wanted --check--> facts per address          landscape --members--> the member names of today

``check`` says what is asked of each address, ``fetch`` asks it (HEAD, GET, redirects, retries), ``hosts`` keeps the
pace per host, ``names`` and ``network`` look names up and connect, and ``guard`` says which addresses may be connected
to at all. What an answer means is in ``answers``; ``github``, ``anchors`` and ``content`` read what was fetched;
``store`` keeps the facts between runs. Nothing here judges: that an address is dead is a fact, that this is an error is
a rule's to say.

Importing the package costs nothing; ``httpx`` is loaded when the first address is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.online.settings import ALL_PRIVATE, Settings, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aiconf.online.network import Network

__all__ = ["ALL_PRIVATE", "Settings", "Wanted", "check_urls", "load_members"]


def check_urls(
    wanted: Iterable[Wanted],
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
    network: Network | None = None,
) -> dict[str, dict[str, Any]]:
    """What the network says about each address; see ``aiconf.online.facts``.

    Args:
        wanted: The addresses and what each is for; one address may be wanted for several purposes.
        settings: How to ask.
        progress: Called with how many of how many addresses are done.
        network: How names are looked up and connections are made; the system's own when None.

    Returns:
        The facts by address, in the order in which the addresses were first wanted. Every address has its entry; no
        answer of the network is an error.

    Raises:
        UsageError: A setting makes no sense.
        RuntimeError: Called from inside a running event loop; use ``asyncio.to_thread`` there.
    """
    from aiconf.online.check import run  # noqa: PLC0415 - httpx is needed from here on only

    return run(wanted, settings, progress, network)


def load_members(settings: Settings, shipped: Mapping[str, Any], network: Network | None = None) -> dict[str, Any]:
    """Today's member names from the landscape, or the latest that are known; see ``aiconf.online.members``.

    Args:
        settings: How to ask.
        shipped: The list that came with aiconf: ``{names, date}``.
        network: As for `check_urls`.

    Returns:
        ``{names, source, authoritative, problem}``: the first three as rules see them in ``members``, and why the
        landscape could not be used ("" when it could).
    """
    from aiconf.online.members import load  # noqa: PLC0415 - httpx is needed from here on only

    return load(settings, shipped, network)
