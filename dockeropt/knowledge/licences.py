"""Licences by their SPDX identifiers."""

_COMMON = frozenset(
    """
    0bsd aal afl-3.0 agpl-1.0-only agpl-1.0-or-later agpl-3.0 agpl-3.0-only agpl-3.0-or-later apache-1.1
    apache-2.0 apsl-2.0 artistic-1.0 artistic-2.0 blueoak-1.0.0 bsd-1-clause bsd-2-clause
    bsd-2-clause-patent bsd-3-clause bsd-3-clause-clear bsd-4-clause bsl-1.0 busl-1.1 bzip2-1.0.6
    cc-by-3.0 cc-by-4.0 cc-by-nc-4.0 cc-by-nc-nd-4.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0
    cc-by-sa-4.0 cc-pddc cc0-1.0 cddl-1.0 cddl-1.1 cecill-2.1 cecill-b cecill-c cpl-1.0 curl ecl-2.0
    efl-2.0 elastic-2.0 epl-1.0 epl-2.0 eupl-1.1 eupl-1.2 ftl gfdl-1.3-only gfdl-1.3-or-later gpl-1.0-only
    gpl-1.0-or-later gpl-2.0 gpl-2.0+ gpl-2.0-only gpl-2.0-or-later gpl-3.0 gpl-3.0+ gpl-3.0-only
    gpl-3.0-or-later hpnd icu ijg ipl-1.0 isc lgpl-2.0 lgpl-2.0-only lgpl-2.0-or-later lgpl-2.1
    lgpl-2.1-only lgpl-2.1-or-later lgpl-3.0 lgpl-3.0-only lgpl-3.0-or-later libpng libpng-2.0 lpl-1.02
    lppl-1.3c miros mit mit-0 mit-modern-variant mpl-1.0 mpl-1.1 mpl-2.0 mpl-2.0-no-copyleft-exception
    ms-pl ms-rl mulanpsl-2.0 ncsa nist-pd ntp odbl-1.0 ofl-1.0 ofl-1.1 oldap-2.8 openssl osl-3.0
    parity-7.0.0 pddl-1.0 php-3.0 php-3.01 polyform-noncommercial-1.0.0 postgresql psf-2.0 python-2.0
    qpl-1.0 rpl-1.5 ruby sgi-b-2.0 sissl sleepycat sspl-1.0 tcl ucl-1.0 unicode-3.0 unicode-dfs-2016
    unlicense upl-1.0 vim w3c watcom-1.0 wtfpl x11 xnet zlib zpl-2.0 zpl-2.1
    """.split()  # noqa: SIM905 - a list of this length is easier to read as words
)


def is_licence_expression(text: str) -> bool:
    """Tell whether a text is an SPDX expression: known identifiers joined by AND, OR and WITH.

    Identifiers are compared in any case, as SPDX asks; ``LicenseRef-…`` names one of the author's own.
    """
    words = text.replace("(", " ").replace(")", " ").split()
    if len(words) % 2 == 0:
        return False
    follows_with = False
    for number, word in enumerate(words):
        if number % 2:
            if word.upper() not in ("AND", "OR", "WITH"):
                return False
            follows_with = word.upper() == "WITH"
        elif not follows_with and not _is_licence(word):
            return False
    return True


def _is_licence(word: str) -> bool:
    lowered = word.lower()
    return lowered in _COMMON or lowered.removesuffix("+") in _COMMON or lowered.startswith("licenseref-")
