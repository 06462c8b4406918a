"""No address that leads inside is ever connected to, however it is written, named or reached."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.web.address import AddressRefused, PrivateHosts, is_public, parse
from index.sources.web.answers import NotFetched, Page
from index.sources.web.web import Quiet, Web
from tests.unit.index.sources.site import Site

# Each leads, or would lead, to a machine inside: by its number, an unusual way to write that, or what its name means.
INSIDE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:80/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://0.0.0.0/",
    "http://0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/metadata",
    "http://192.0.0.192/opc/v1/instance/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://inside.example/",
    "http://mixed.example/",
    "http://metadata.example/",
    "http://mapped.example/",
    "http://zone.example/",
]
NOT_FOR_US = [
    "ftp://outside.example/a",
    "file:///etc/passwd",
    "gopher://outside.example/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "//outside.example/",
    "outside.example",
    "",
    "http://",
    "http:///a",
    "http://user@outside.example/",
    "http://user:secret@outside.example/",
    "http://outside.example@127.0.0.1/",
    "http://outside.example:99999/",
    "http://out side.example/",
    "http://outside.example/\r\nHost: inside.example",
    "http://outside.example/" + "a" * 3000,
]
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "inside.example": ["10.1.2.3"],
    "mixed.example": ["93.184.215.14", "192.168.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:169.254.169.254"],
    "zone.example": ["fe80::1%2"],
    "outside.example": ["93.184.215.14"],
}


async def lookup(host: str, port: int) -> list[str]:
    return NAMES.get(host, ["127.0.0.1"])


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every place that the program tries to connect to, which is refused."""
    made: list[object] = []

    async def connect(loop: object, socket: object, place: object) -> None:
        made.append(place)
        raise OSError("no connection in this test")

    monkeypatch.setattr("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", connect)
    return made


@pytest.mark.parametrize("address", [*INSIDE, *NOT_FOR_US])
async def test_what_leads_inside_is_refused_with_a_reason_and_never_connected_to(
    address: str, connections: list[object]
) -> None:
    async with Web(PrivateHosts(), Quiet(), lookup) as web:
        answer = await web.get(address, lambda *_: True)
    assert isinstance(answer, NotFetched)
    assert answer.reason
    assert "\n" not in answer.reason
    assert connections == []


async def test_what_is_outside_is_connected_to(connections: list[object]) -> None:
    async with Web(PrivateHosts(), Quiet(), lookup) as web:
        assert isinstance(await web.get("http://outside.example/", lambda *_: True), NotFetched)
    assert connections == [("93.184.215.14", 80)]


@pytest.mark.parametrize("to", ["http://10.0.0.1/secret", "//[::1]/", "http://inside.example/", "file:///etc/passwd"])
async def test_a_redirect_leads_nowhere_that_an_address_may_not(site: Site, to: str) -> None:
    site.redirect("/", to)
    async with Web(site.hosts, Quiet(), lookup) as web:
        answer = await web.get(site.at("/"), lambda *_: True)
    assert isinstance(answer, NotFetched)
    assert site.paths == ["/"]


async def test_a_host_inside_is_asked_where_it_is_named_and_at_that_port_alone(site: Site) -> None:
    site.page("/", "Hello.")
    async with Web(PrivateHosts(frozenset({f"127.0.0.1:{site.port}"})), Quiet(), lookup) as web:
        assert isinstance(await web.get(site.at("/"), lambda *_: True), Page)
    async with Web(PrivateHosts(frozenset({f"127.0.0.1:{site.port + 1}"})), Quiet(), lookup) as web:
        assert isinstance(await web.get(site.at("/"), lambda *_: True), NotFetched)
    async with Web(PrivateHosts(frozenset({"wiki.example"})), Quiet(), lookup) as web:
        assert isinstance(await web.get(f"http://wiki.example:{site.port}/", lambda *_: True), Page)
        # That its number is now known opens no way to it by another name.
        assert isinstance(await web.get(f"http://other.example:{site.port}/", lambda *_: True), NotFetched)
        assert isinstance(await web.get(site.at("/"), lambda *_: True), NotFetched)


async def test_a_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.page("/", "Hello.")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    async with Web(site.hosts, Quiet(), lookup) as web:
        assert isinstance(await web.get(site.at("/"), lambda *_: True), Page)


@given(st.ip_addresses())
def test_what_python_knows_to_be_private_is_never_public(ip: Any) -> None:
    assert not (is_public(ip) and (ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast))


@given(st.integers(0, 2**32 - 1))
def test_an_address_of_version_4_in_one_of_version_6_is_as_public_as_it_is_alone(number: int) -> None:
    four = ip_address(socket.inet_ntoa(number.to_bytes(4, "big")))
    for six in (f"::ffff:{four}", f"64:ff9b::{four}"):
        assert is_public(ip_address(six)) == is_public(four)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        url = parse(text)
    except AddressRefused:
        return
    assert url.scheme in ("http", "https")
    assert url.host
