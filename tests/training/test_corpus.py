"""The corpus: every line can be read, is there once, and says what it expects."""

import json
import re

import pytest

from training import corpus

LINES = corpus.read()
CODE = re.compile(r"(BP\d\d|HC\d\d|A|P0)\.\d+")


def test_there_is_one_of_each_id():
    ids = [line.case_id for line in LINES]
    assert len(ids) == len(set(ids)) > 400


def test_labels_are_codes_of_checks_and_never_say_both():
    for line in LINES:
        assert all(CODE.fullmatch(code) for code in line.expect), line.case_id
        assert all(code == "*" or CODE.fullmatch(code) for code in line.forbid), line.case_id
        assert not set(line.expect) & set(line.forbid), line.case_id


def test_no_line_says_nearly_what_another_says():
    pairs = list(corpus.duplicates(LINES))
    said = [f"{share:.2f} {one.case_id} {other.case_id}" for share, one, other in pairs]
    assert len(said) <= len(LINES) // 100, said


def test_nothing_set_aside_is_met_in_what_is_fitted():
    near = [pair for pair in corpus.duplicates(LINES) if pair[1].aside != pair[2].aside]
    assert near == []


def write(folder, *lines):
    file = folder / "some.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return folder


def test_a_broken_line_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"some\.jsonl:2: "):
        corpus.read(write(tmp_path, '{"id": "a", "text": "x"}', '{"text": "no id"}'))


def test_near_duplicates_are_found_whatever_stands_between(tmp_path):
    text = "The reading room on the second floor is closed on Monday for a drill."
    lines = [text, "Something else entirely, about rowing and the bay at dawn.", text + " Sorry!"]
    written = [json.dumps({"id": str(at), "text": one}) for at, one in enumerate(lines)]
    ((share, one, other),) = corpus.duplicates(corpus.read(write(tmp_path, *written)))
    assert (one.case_id, other.case_id) == ("0", "2")
    assert 0.8 < share < 1


def test_the_tables_count_what_stands_there(tmp_path):
    lines = corpus.read(
        write(
            tmp_path,
            json.dumps({"id": "1", "text": "a b", "expect": ["BP10.1"], "forbid": ["BP10.2"]}),
            json.dumps({"id": "2", "text": "c", "forbid": ["*"], "level": "reply"}),
        )
    )
    (_, row, whole) = corpus.by_file(lines)
    assert row.split()[:6] == ["some", "2", "1", "1", "0", "50%"]
    assert whole.split()[0] == "all"
    assert [line.split() for line in corpus.by_check(lines)][1:] == [
        ["BP10.1", "1", "0", "0"],
        ["BP10.2", "0", "0", "1"],
    ]
