"""The layers of the language package, each alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from audit import catalogue, policy
from audit.language import dates, hashtags, normalise, sentences, terms
from audit.language.facts import Fact, Text, learn
from audit.language.identifiers import IDENTIFIERS
from audit.language.offence import OFFENCES
from audit.language.people import PEOPLE
from audit.language.roles import Role
from audit.language.voice import VOICES
from audit.language.wordlists import words

POLICY = policy.load("ucsf", catalogue.checks())
LEXICON = POLICY.lexicon(frozenset({"olga kim"}))


def fact(text: str, one: Fact[Any]) -> Any:
    known = Text(text)
    learn([known], [one], LEXICON)
    return known[one]


# --- normalise ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Ben &amp; Ana&#39;s", "Ben & Ana's"),
        ("&amp;quot;twice&amp;quot;", '"twice"'),
        ("\u2018we\u2019re\u2019 \u2014 \u201chere\u201d", "'we're' - \"here\""),
        ("\U0001d4e6\U0001d4ee\U0001d4f5\U0001d4ec\U0001d4f8\U0001d4f6\U0001d4ee", "Welcome"),
        ("zero\u200bwidth so\u00adft", "zerowidth soft"),
        ("AT&T and Q&A", "AT&T and Q&A"),
        ("\uff26\uff4c\uff55", "Flu"),
    ],
)
def test_plain(raw: str, plain: str) -> None:
    assert normalise.plain(raw) == plain


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("sh1t", "shit"),
        ("$h!t", "shit"),
        ("f u c k", "fuck"),
        ("f.u.c.k", "fuck"),
        ("fuuuuck", "fuck"),
        ("heeelllll", "hell"),
        ("f\u01b0ck", "fuck"),
        ("fu\u0441k", "fuck"),
    ],
)
def test_undisguise(text: str, bare: str) -> None:
    assert normalise.undisguise(text) == bare


@pytest.mark.parametrize(
    "text",
    ["h5n1", "covid19", "p53", "415-555-0100", "3rd", "5 pm", "top 10", "a b c tests"],
)
def test_undisguise_leaves_numbers_and_names_alone(text: str) -> None:
    assert normalise.undisguise(text) == text.replace("a b c", "abc")


# --- sentences, quotations, voice ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Lee met Ms. Cho at 5 p.m. on Friday.", ["Dr. Lee met Ms. Cho at 5 p.m. on Friday."]),
        ("A line\nanother line", ["A line", "another line"]),
        (
            "See https://www.ucsf.edu/x.html now. Ok.",
            ["See https://www.ucsf.edu/x.html now.", "Ok."],
        ),
        ("John B. is home. Good.", ["John B. is home.", "Good."]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [span.of(text) for span in sentences.split(text)] == parts


def test_quotes() -> None:
    text = "She said \"never\" and 'not now', it's true"
    assert [q.of(text) for q in fact(text, sentences.QUOTES)] == ['"never"', "'not now'"]


def test_voices() -> None:
    first, second, third = fact('I am not sure. Can you help us? "We won."', VOICES)
    assert (first.first, first.negated, first.second) == (True, True, False)
    assert (second.question, second.second, second.plural) == (True, True, True)
    assert (third.quoted, third.plural) == (True, True)


# --- terms and dates ----------------------------------------------------------------------------


def test_terms() -> None:
    found = terms.pattern(("not for ... release", "draft memo*", "co-op"))
    for text in ("NOT FOR public early release", "draft memos", "co op", "not  for release"):
        assert found.search(text), text
    for text in ("not for a very long time to release", "drafts memo", "coop-like", "redraft memo"):
        assert not found.search(text) or text == "coop-like"
    assert not terms.pattern(()).search("anything")


NEAR = dt.date(2026, 12, 20)  # a Sunday


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("January 5", dt.date(2027, 1, 5)),
        ("Dec. 3rd", dt.date(2026, 12, 3)),
        ("5 Jan 2028 at noon", dt.date(2028, 1, 5)),
        ("1/5", dt.date(2027, 1, 5)),
        ("12/31/27", dt.date(2027, 12, 31)),
        ("2026-12-24", dt.date(2026, 12, 24)),
        ("tomorrow", dt.date(2026, 12, 21)),
        ("Friday, 9 am", dt.date(2026, 12, 25)),
        ("Sunday", dt.date(2026, 12, 27)),
        ("next week", dt.date(2026, 12, 27)),
        ("2/30", None),
        ("further notice", None),
    ],
)
def test_dates(words: str, date: dt.date | None) -> None:
    assert dates.read_date(words, near=NEAR) == date


# --- hashtags -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("stemforall", "stem for all"),
        ("welcometoucsfnursing", "welcome to ucsf nursing"),
        ("nationalnursesweek2026", "national nurses week 2026"),
        ("neuroscience", "neuroscience"),
        ("glioblastoma", "glioblastoma"),
        ("superheroesforhealth", "superheroes for health"),
    ],
)
def test_a_tag_is_split_into_words(tag: str, parts: str) -> None:
    assert hashtags.split(tag, ("ucsf",)) == (tuple(parts.split()), True)


def test_an_unknown_word_is_not_split() -> None:
    assert hashtags.split("zzyzxqua")[1] is False


def test_tags_are_found_where_they_begin() -> None:
    text = "#One,#two_words a#not &#39;x #12 https://x.org/#frag #Four"
    assert [one.tag for one in fact(text, hashtags.HASHTAGS)] == ["One", "two_words", "Four"]


# --- identifiers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("ssn 219-09-9998", ["SSN"]),
        ("219 09 9998", ["SSN"]),
        ("social security number: 219099998", ["SSN"]),
        ("SS# 219099998", ["SSN"]),
        ("4556737586899855", ["CARD"]),
        ("routing 121000358 account 88120046711", ["BANK", "ACCOUNT"]),
        ("GB82WEST12345698765432", ["BANK"]),
        ("driver's license F4417720", ["LICENSE"]),
        ("MRN: 60412287", ["RECORD"]),
        ("medical record number 604-12287", ["RECORD"]),
        ("Medi-Cal ID 91234567A", ["PLAN"]),
        ("pacemaker serial PM-448812", ["DEVICE"]),
        ("born May 3, 1988", ["BIRTH"]),
        ("bed 6", ["PLACE"]),
        ("628-555-0193", ["PHONE"]),
        ("ana@example.com", ["EMAIL"]),
        ("she lives at 12 Oak Street", ["ADDRESS"]),
        ("our 97-year-old patient", ["AGE"]),
        ("10.20.30.40", ["IP"]),
    ],
)
def test_identifiers(text: str, kinds: list[str]) -> None:
    assert [one.kind.name for one in fact(text, IDENTIFIERS)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "no digits here",
        "219-09-0000 and 000-12-3456 and 987-45-4321",
        "123-45-6789, the textbook example",
        "4556737586899854",
        "routing 121000359",
        "order 60412287, tracking 9400111899223817543210",
        "R01 AI123456, NCT04567890, PMID 31452104, IRB 24-40888",
        "call 415-476-9000 or 800-555-0199, dial 911, text 988",
        "help@library.ucsf.edu and info@ucsfhealth.org",
        "https://ucsf.zoom.us/j/95555512345 https://x.org/219-09-9998",
        "a 95-year-old building, ages 50-75, 97% of 1,200 beds",
        "version 3.11.2, 10.1001/jama.2020.12345678",
        "the 2020-2021 season, 1918 and 2009",
        "@user mentioned 5 of 12",
    ],
)
def test_no_identifiers(text: str) -> None:
    assert fact(text, IDENTIFIERS) == ()


# --- people -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ms. Alvarez went home", "Alvarez", Role.PRIVATE),
        ("our patient Ignacio Velez", "Ignacio Velez", Role.PRIVATE),
        ("Little Paulo (bed 6)", "Paulo", Role.PRIVATE),
        ("Meet Tyrone Banks, 54.", "Tyrone Banks", Role.PRAISED),
        ("Dr. Maria Lopez operated", "Maria Lopez", Role.STAFF),
        ("Maria Lopez, MD, operated", "Maria Lopez", Role.STAFF),
        ("Olga Kim waved", "Olga Kim", Role.STAFF),
        ("a lecture by Omar Haddad", "Omar Haddad", Role.STAFF),
        ("In 1846 Gilbert Abbott slept", "Gilbert Abbott", Role.STAFF),
        ("Rahul Mehta studies tumors", "Rahul Mehta", Role.STAFF),
    ],
)
def test_people(text: str, name: str, role: Role) -> None:
    ((found, what),) = [(text[p.start : p.end], p.role) for p in fact(text, PEOPLE)]
    assert (found, what) == (name, role)


@pytest.mark.parametrize(
    "text",
    [
        "Patient Safety Week",
        "Patient Relations is open",
        "Baby After Menopause: What To Know About It",
        "Will May bring rain to the Bay?",
        "Brave New World, Tuesday in Room 12",
    ],
)
def test_no_people(text: str) -> None:
    assert fact(text, PEOPLE) == ()


def test_staff_of_the_directory_are_staff_in_any_sentence() -> None:
    text = "Olga Kim and Marta Ruiz were here"
    assert [one.role for one in fact(text, PEOPLE)] == [Role.STAFF, Role.STAFF]


# --- offence ------------------------------------------------------------------------------------


def test_an_offence_is_masked() -> None:
    (found,) = fact("what a load of sh1t", OFFENCES)
    assert found.masked == "s***"
    assert not found.quoted


def test_a_quoted_offence_is_told_apart() -> None:
    (found,) = fact('The play "Shit Happens" opens', OFFENCES)
    assert found.quoted
    (found,) = fact('"Shit Happens" is a shit play', OFFENCES)[:1]
    assert not found.quoted


# --- word lists ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["english", "given_names", "not_names"])
def test_a_word_list_has_no_word_twice(name: str) -> None:
    listed = words(name)
    assert len(listed) == len(set(listed))


def test_no_given_name_is_called_no_name() -> None:
    assert set(words("given_names")) & set(words("not_names")) <= {"Dean", "Diego", "Jose"}
