"""Checkstyle and JUnit: to the character, and read back by an XML parser."""

from xml.etree import ElementTree as ET

from dockeropt import __version__
from dockeropt.report import checkstyle, junit
from dockeropt.report.markup import text
from dockeropt.syntax.source import Source
from tests.report.samples import ALL, NAMED, NASTY, NASTY_MESSAGE, NASTY_PATH, QUOTED

_NO_XML = dict.fromkeys(map(ord, "\udcff\x00\x01\x1b\ufffe"), "\ufffd")
ELSEWHERE = QUOTED._replace(source=Source(QUOTED.source.text, "Dockerfile"))


def test_checkstyle_has_the_attributes_of_hadolint() -> None:
    assert checkstyle.render(ALL) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<checkstyle version="4.3">\n'
        '<file name="app/Dockerfile">\n'
        '<error line="1" column="6" severity="warning" message="`node` is wrong" source="DL0000"/>\n'
        '<error line="2" column="12" severity="style" message="quote it, at 100%" source="SC2086"/>\n'
        '<error line="2" column="5" severity="error" message="it reaches over two lines" source="DL1000"/>\n'
        "</file>\n"
        "</checkstyle>\n"
    )


def test_checkstyle_names_a_file_once() -> None:
    root = ET.fromstring(checkstyle.render([NAMED, ELSEWHERE, QUOTED]))
    assert [(file.get("name"), len(file)) for file in root] == [("app/Dockerfile", 2), ("Dockerfile", 1)]


def test_checkstyle_keeps_nasty_text() -> None:
    (file,) = ET.fromstring(checkstyle.render([NASTY]))
    assert NASTY_PATH.translate(_NO_XML) == file.get("name")
    assert NASTY_MESSAGE.translate(_NO_XML) == file[0].get("message")


def test_junit_has_the_elements_of_hadolint_and_the_names_others_read() -> None:
    assert (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites id="dockeropt" name="dockeropt {__version__}" time="0.000">\n'
        f'<testsuite id="dockeropt" name="dockeropt {__version__}"'
        ' tests="1" failures="1" errors="0" time="0.000">\n'
        '<testcase id="dockeropt.rule.DL0000" name="DL0000 named-wrongly at 1:6"'
        ' classname="app/Dockerfile" file="app/Dockerfile" line="1" time="0.000">'
        '<failure id="DL0000" message="`node` is wrong" type="warning">'
        "File: app/Dockerfile\nLine: 1\nColumn: 6\nwarning: `node` is wrong\n"
        "</failure></testcase>\n"
        "</testsuite>\n"
        "</testsuites>\n"
    ) == junit.render([NAMED])


def test_junit_has_a_suite_per_file() -> None:
    root = ET.fromstring(junit.render([NAMED, QUOTED, ELSEWHERE]))
    assert [(suite.get("tests"), suite.get("failures")) for suite in root] == [("2", "2"), ("1", "1")]


def test_junit_without_findings_has_a_case_that_passed() -> None:
    (suite,) = ET.fromstring(junit.render([]))
    (case,) = suite
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert (case.get("name"), len(case)) == ("no findings", 0)


def test_junit_keeps_nasty_text() -> None:
    ((case,),) = ET.fromstring(junit.render([NASTY]))
    failure = case[0]
    assert NASTY_PATH.translate(_NO_XML) == case.get("file")
    assert NASTY_MESSAGE.translate(_NO_XML) == failure.get("message")
    assert NASTY_MESSAGE.translate(_NO_XML) in (failure.text or "")


def test_a_section_end_is_no_markup_in_text() -> None:
    assert text("]]>\r\n💥") == "]]&gt;&#13;\n&#128165;"
