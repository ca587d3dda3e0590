"""The options of curl and wget that take a value or matter for what a download leaves (curl(1), wget(1))."""

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class Downloader(NamedTuple):
    """A program that fetches the addresses among its operands."""

    valued_letters: str
    """short options that take a value: the rest of their word, or the next one"""
    valued_options: frozenset[str]
    output: tuple[str, str]
    """letter and option with the file to write"""
    remote_name: tuple[str, ...]
    """options to name the file as the address does; without one the file goes to standard output"""


CURL = Downloader(
    "AbCcDdEeFHhKmoPQrTtUuwXxYyz",
    words(
        "--abstract-unix-socket --cacert --capath --cert --cert-type --ciphers --config --connect-timeout "
        "--connect-to --continue-at --cookie --cookie-jar --curves --data --data-ascii --data-binary "
        "--data-raw --data-urlencode --dns-servers --doh-url --dump-header --etag-compare --etag-save "
        "--form --form-string --header --interface --json --keepalive-time --key --limit-rate --max- "
        "filesize --max-redirs --max-time --netrc-file --noproxy --oauth2-bearer --output --output-dir "
        "--parallel-max --pass --pinnedpubkey --proto --proto-default --proto-redir --proxy "
        "--proxy-header --proxy-user --pubkey --quote --range --rate --referer --request --resolve "
        "--retry --retry-delay --retry-max-time --socks5 --socks5-hostname --speed-limit --speed-time "
        "--stderr --time-cond --tls-max --tls13-ciphers --trace --trace-ascii --unix-socket --upload-file "
        "--url-query --user --user-agent --variable --write-out"
    ),
    ("o", "--output"),
    ("-O", "--remote-name", "--remote-name-all", "-J", "--remote-header-name"),
)
WGET = Downloader(
    "oaeiBtTwQUPIXlDARO",
    words(
        "--accept --append-output --base --body-data --ca-certificate --certificate --directory-prefix "
        "--execute --header --input-file --level --limit-rate --method --output-document --output-file "
        "--password --post-data --post-file --private-key --quota --read-timeout --reject --referer "
        "--retry-on-http-error --secure-protocol --timeout --tries --user --user-agent --wait --waitretry"
    ),
    ("O", "--output-document"),
    (),
)
DOWNLOADERS = {"curl": CURL, "wget": WGET}
