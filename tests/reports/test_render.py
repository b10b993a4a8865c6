"""Properties of every mail: valid, escaped, readable, small, and without anything remote."""

import dataclasses
import re

import pytest
from jinja2 import UndefinedError
from markupsafe import escape

from audit.errors import AuditError
from reports import render as module
from reports.compliance.digest import digest
from reports.palette import DARK, LIGHT
from reports.render import environment, fill, one_line, prose, render
from tests.reports import nights, pages
from tests.reports.nights import ALT, finding
from tests.reports.test_golden import MAILS

HOSTILE = "<script>alert('x')</script> \"&amp;\" {{ 7*7 }} \r\nBcc: evil@example.edu"


def hostile_night():
    """A night whose every free text tries to break out."""
    policy = nights.policy()
    clauses = {
        code: table.model_copy(update={"title": HOSTILE, "summary": HOSTILE, "wording": HOSTILE})
        for code, table in policy.pack.clauses.items()
    }
    pack = policy.pack.model_copy(update={"clauses": clauses})
    check = dataclasses.replace(ALT, title=HOSTILE, remedy=HOSTILE, excerpt=True)
    one = finding(check, message=HOSTILE, evidence=HOSTILE, suggestion=HOSTILE)
    return nights.night(
        policy=dataclasses.replace(policy, pack=pack),
        accounts=tuple(
            dataclasses.replace(acc, unit=HOSTILE, handle=HOSTILE)
            for acc in nights.night().accounts
        ),
        findings=(one,),
    )


def hostile_mails():
    night = hostile_night()
    report = nights.danas(night)
    return [render("owner", report), render("relations", digest(night))]


@pytest.mark.parametrize("name", MAILS)
def test_html_is_valid_and_names_its_language(name):
    tree = pages.parse(MAILS[name]().html)
    assert tree.get("lang") == "en-US"
    headings = [pages.local(one) for one in tree.iter() if re.fullmatch("h[1-6]", pages.local(one))]
    assert headings.count("h1") == 1
    assert headings[0] == "h1"
    levels = [int(heading[1]) for heading in headings]
    assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("name", MAILS)
def test_nothing_remote_and_nothing_active(name):
    html = MAILS[name]().html
    tags = {pages.local(one) for one in pages.parse(html).iter()}
    assert not tags & {"img", "link", "script", "iframe", "object", "form", "video", "audio"}
    assert not re.search(r"url\(|@import|\ssrc=|\son\w+=", html)


@pytest.mark.parametrize("name", MAILS)
def test_every_text_can_be_read_on_its_ground(name):
    pairs = {
        (style["color"].upper(), style["background-color"].upper())
        for _, style in pages.texts(pages.parse(MAILS[name]().html))
    }
    assert len(pairs) >= 3
    low = {pair: pages.contrast(*pair) for pair in pairs if pages.contrast(*pair) < 4.5}
    assert not low


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_pair_of_colours_in_use_holds(palette):
    texts = [("on-accent", "accent"), ("on-accent", "accent-hi"), ("text", "crit-bg")]
    texts += [(one, f"{one}-bg") for one in ("crit", "high", "med", "low", "ok")]
    for ground in ("bg", "surface", "sunken"):
        texts += [(one, ground) for one in ("text", "muted", "accent")]
    texts += [("accent", "accent-bg"), ("text", "accent-bg"), ("text", "ok-bg")]
    marks = [("control", one) for one in ("bg", "surface", "sunken")]
    marks += [(one, "surface") for one in ("s1", "s2", "s3")] + [("focus", "bg")]
    low = [pair for pair in texts if pages.contrast(palette[pair[0]], palette[pair[1]]) < 4.5]
    low += [pair for pair in marks if pages.contrast(palette[pair[0]], palette[pair[1]]) < 3]
    assert not low


def test_colours_stand_in_one_place():
    assert LIGHT.keys() == DARK.keys()
    for name in environment().list_templates():
        source, _, _ = environment().loader.get_source(environment(), name)
        assert not set(re.findall(r"#[0-9A-Fa-f]{6}", source)) - {"#FFFFFF"}, name


@pytest.mark.parametrize("name", MAILS)
def test_dark_mode_narrow_screens_and_print_survive_inlining(name):
    html = MAILS[name]().html
    for rule in ("prefers-color-scheme: dark", "max-width: 520px", "@media print", "a:focus"):
        assert rule in html
    assert "[if mso]" in html
    assert html.index("<meta charset") < 1024


@pytest.mark.parametrize("name", MAILS)
def test_plain_text_has_72_columns_and_plain_punctuation(name):
    text = MAILS[name]().text
    long = [line for line in text.splitlines() if len(line) > 72 and "://" not in line]
    assert not long
    assert not set(text) & set("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0")
    assert "\n\n\n" not in text


@pytest.mark.parametrize("name", MAILS)
def test_html_and_text_say_the_same(name):
    mail = MAILS[name]()
    shown = " ".join(text for text, _ in pages.texts(pages.parse(mail.html)))
    plain = " ".join(mail.text.split()).lower()
    for number in re.findall(r"F-[0-9a-f]{8}", shown):
        assert number.lower() in plain
    assert "crisis monitor" in shown
    assert "crisis monitor" in plain


def test_hostile_text_stays_text():
    for mail in hostile_mails():
        tree = pages.parse(mail.html)
        assert not [one for one in tree.iter() if pages.local(one) == "script"]
        assert str(escape("<script>alert(")) in mail.html
        assert "{{ 7*7 }}" in mail.html


def test_a_subject_is_one_line_whatever_is_in_it():
    for mail in hostile_mails():
        assert not set(mail.subject) & set("\r\n\0")
    assert one_line("a\r\nBcc: b\x00\u2028c\u202e") == "a Bcc: b c"


def test_an_unknown_name_in_a_template_is_an_error():
    with pytest.raises(UndefinedError):
        environment().from_string("{{ report.nothing }}").render(report=object())
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_mails_stay_below_what_gmail_cuts():
    for name, build in MAILS.items():
        assert len(build().html.encode()) < 60_000, name
    many = tuple(
        finding(
            dataclasses.replace(of, remedy="A long remedy. " * 10),
            account_id=where,
            subject=f"s{n}",
        )
        for n in range(60)
        for where in ("ig", "fb", "li", "sh")
        for of in nights.ALL
    )
    night = nights.night(findings=many)
    report = nights.danas(night)
    assert len(render("owner", report).html.encode()) < 100_000
    assert len(render("relations", digest(night)).html.encode()) < 100_000


def test_a_mail_that_would_be_cut_is_refused(monkeypatch):
    monkeypatch.setattr(module, "SIZE_LIMIT", 1_000)
    with pytest.raises(AuditError, match=r"mail 'owner'.* bytes.*show fewer"):
        MAILS["owner"]()


def test_numbers_that_can_be_called_are_links_and_nothing_else_is():
    assert prose("call 415-555-0117.") == (
        'call <a class="nw" href="tel:+14155550117">415-555-0117</a>.'
    )
    assert prose("<b>'1-415-555-01170'</b>") == "&lt;b&gt;&#39;1-415-555-01170\u2019&lt;/b&gt;"


def test_a_paragraph_keeps_its_long_words():
    link = "https://example.edu/" + "x" * 90
    assert fill(f"See {link} there", indent=2).splitlines() == ["  See", f"  {link}", "  there"]
