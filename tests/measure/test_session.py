import pytest

from dockeropt.measure.session import cache_mounts_of

USAGE = """\
ID:		kjdgwuvuuexirfwiu72ktzoen
Created at:	2026-11-23 02:40:10.9 +0000 UTC
Description:	cached mount /root/.npm from exec /bin/sh -c npm ci with id "/0123456789ab-0-0-root/.npm"
Type:		exec.cachemount

ID:		i5ie2qjhbn8lg6hjaiwgdlxzx
Description:	local source for dockerfile
Type:		source.local

ID:		k0e22n4qug7c00ir645svzru9*
Description:	cached mount /root/.npm from exec /bin/sh -c echo 0123456789ab with id "/0123456789ab"
Type:		exec.cachemount

ID:		w5lq3lsqe1gzdeiy8fxpf0qa0
Description:	mount / from exec /bin/sh -c echo with id "/0123456789ab-0-0-x"
Type:		regular

ID:		zzz
Description:	cached mount /b from exec /bin/sh -c npm ci with id "/0123456789ab-1-0-b"
Type:		exec.cachemount
Reclaimable:	8.192kB
Total:		16kB
"""


@pytest.mark.parametrize(
    ("run", "records"),
    [
        pytest.param("0123456789ab", ["kjdgwuvuuexirfwiu72ktzoen", "zzz"], id="those of the run, no other's"),
        pytest.param("ffffffffffff", [], id="none of another run"),
    ],
)
def test_only_cache_mounts_of_the_run_are_removed(run: str, records: list[str]) -> None:
    assert records == cache_mounts_of(run, USAGE)
