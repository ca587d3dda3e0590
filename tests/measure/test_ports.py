"""Which ports a Dockerfile says it listens on."""

import pytest

from dockeropt.measure.ports import exposed_ports


@pytest.mark.parametrize(
    ("dockerfile", "ports"),
    [
        pytest.param("FROM nginx\nEXPOSE 8080\n", (8080,), id="a port of its own, whatever nginx says"),
        pytest.param("FROM nginx\n", (), id="none of its own"),
        pytest.param("FROM node\nEXPOSE 9000/tcp 53/udp 80\n", (9000, 80), id="protocols"),
        pytest.param("FROM node\nARG PORT=4000\nEXPOSE $PORT\n", (5000,), id="an argument that is given"),
        pytest.param("FROM node\nENV A=4000\nEXPOSE ${A} $B\n", (4000,), id="variables, one of them open"),
        pytest.param(
            "FROM node AS a\nEXPOSE 1\nFROM node AS b\nEXPOSE 2\nFROM a\nCOPY --from=b / /\n",
            (1,),
            id="of the stage it is FROM, not of one it copies from",
        ),
        pytest.param("", (), id="no stage"),
    ],
)
def test_exposed_ports(dockerfile: str, ports: tuple[int, ...]) -> None:
    assert ports == exposed_ports(dockerfile, {"PORT": "5000"})
