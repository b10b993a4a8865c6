"""The pages: valid, complete, the same figures in chart, table and file."""

import csv
import dataclasses
import re

import pytest

from audit.model.verdict import Outcome
from reports import site
from reports.drawing import svg
from reports.overview import overview
from reports.trends.frames import frame
from reports.trends.points import MOST, points
from tests.reports import nights, pages
from tests.reports.histories import DAYS, history, outcomes, reviews, sightings

NAMES = [
    "open-findings",
    "coverage",
    "not-assessed",
    "failing",
    "by-clause",
    "by-unit",
    "time-to-fix",
    "precision",
]


@pytest.fixture(scope="module")
def page():
    return overview(history(), nights.policy())


@pytest.fixture(scope="module")
def folder(page, tmp_path_factory):
    made = tmp_path_factory.mktemp("site")
    site.write(made, page)
    return made


def figure(page, name):
    return next(one for one in page.figures if one.name == name)


def table(folder, name):
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", ["index.html", "trends.html"])
def test_pages_are_valid_and_need_nothing_but_themselves(folder, name):
    html = (folder / name).read_text("utf-8")
    tree = pages.parse(html)
    tags = {pages.local(one) for one in tree.iter()}
    assert tree.get("lang") == "en-US"
    assert not tags & {"img", "script", "iframe", "object"}
    assert not re.search(r"@import|\ssrc=|\son\w+=|url\((?!#)", html)
    assert not re.search(r"https?://(?!www\.w3\.org/(2000/svg|1999/xlink))", html)
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_every_link_leads_somewhere(folder):
    for name in ("index.html", "trends.html"):
        tree = pages.parse((folder / name).read_text("utf-8"))
        ids = {
            page: {one.get("id") for one in pages.parse((folder / page).read_text("utf-8")).iter()}
            for page in ("index.html", "trends.html")
        }
        for one in tree.iter():
            if pages.local(one) != "a":
                continue
            file, _, anchor = one.get("href").partition("#")
            assert (folder / (file or name)).is_file(), one.get("href")
            assert not anchor or anchor in ids[file or name], one.get("href")


def test_every_chart_has_words_a_table_and_a_file(page, folder):
    assert [one.name for one in page.figures] == NAMES
    for one in page.figures:
        assert one.words.endswith(".")
        assert len(table(folder, one.name)) == len(one.table.rows) == len(one.frame)
        assert one.drawing or one.smalls


def test_nine_points_in_time(page, folder):
    assert len(page.frame) == 9
    assert [line["night"] for line in table(folder, "trends")] == [str(day) for day in DAYS]
    for name in NAMES[:5]:
        assert len(table(folder, name)) == 9


def test_a_night_without_a_figure_is_empty_in_the_file_and_said_in_the_table(page, folder):
    blind = table(folder, "trends")[5]
    assert (blind["open_n"], blind["rate"], blind["assessed_n"]) == ("", "", "0")
    assert figure(page, "open-findings").table.rows[5][1:] == ("not assessed",) * 3
    assert float(table(folder, "trends")[0]["assessed_share"]) == pytest.approx(104 / 106, rel=1e-5)


def test_the_line_breaks_where_nothing_is_known(page):
    drawing = str(figure(page, "open-findings").drawing)
    lines = re.findall(r'<path d="([^"]+)" stroke="var\(--s\d\)"', drawing)
    assert [line.count("M") for line in lines] == [2, 2]


def test_charts_take_their_colours_from_the_page(page):
    for one in page.figures:
        for drawing in (one.drawing, *[small.drawing for small in one.smalls]):
            found = set(re.findall(r'(?:fill|stroke)="([^"]+)"', str(drawing)))
            own = {value for value in found if not value.startswith(("var(--", "url(#"))}
            assert own <= {"none", "transparent"}, one.name


def test_what_is_not_assessed_is_hatched(page):
    assert "url(#hatch)" in figure(page, "coverage").drawing
    assert "url(#hatch)" in figure(page, "not-assessed").drawing


def test_marks_say_what_changed(page):
    assert [mark.name for mark in page.marks] == ["R1", "O1"]
    rule, outage = page.marks
    assert rule.night == DAYS[3].isoformat()
    assert "policy pack 2" in rule.words
    assert outage.night == DAYS[5].isoformat()
    assert "1 account could no longer be read in full: Sleep Clinic (Instagram)" in outage.words
    assert ">R1</text>" in figure(page, "open-findings").drawing


def test_words_give_the_figures_of_the_last_night(page):
    assert figure(page, "open-findings").words.startswith(
        "3 findings open on Tue, May 18: 2 counted, 1 to review; 1 on Tue, Mar 23."
    )
    assert "2 of 104 results of direct checks failed on Tue, May 18 (1.9%)" in (
        figure(page, "failing").words
    )
    assert figure(page, "coverage").words.startswith("98.1% of the 106 check results")
    assert "Nothing was found in these nights for BP07 and BP12." in figure(page, "by-clause").words


def test_small_numbers_are_marked(page):
    unit = figure(page, "by-unit")
    assert [entry.kind for entry in unit.key] == ["interval", "hollow"]
    assert 'fill="var(--surface)"' in unit.drawing
    (line,) = figure(page, "precision").table.rows
    assert line == ("BP08.1", "9", "12", "75.0%", "46.8%", "91.1%")


def test_the_first_page_has_the_same_figures_as_the_mails(page):
    notes = {note.label: note.value for note in page.figures_of_note}
    assert notes == {
        "Open findings": "3",
        "Assessed": "98.1%",
        "Direct checks that failed": "1.9%",
        "Median time to fix": "14 days",
    }


def test_written_again_the_files_are_the_same(page, folder, tmp_path):
    site.write(tmp_path, overview(history(), nights.policy()))
    ours = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert ours == {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


def test_a_first_night_alone_can_be_drawn(tmp_path):
    known = history()
    first = dataclasses.replace(
        known,
        runs=known.runs[:1],
        nights=known.nights.head(1),
        sightings=sightings(),
        reviews=reviews(),
        outcomes=outcomes((0, Outcome.PASS, 3)),
        gaps=frame("gaps", []),
    )
    site.write(tmp_path, overview(first, nights.policy()))
    html = (tmp_path / "trends.html").read_text("utf-8")
    pages.parse(html)
    assert "0 of 3 results of direct checks failed on Tue, Mar 23." in html
    assert "Not yet measured" in html
    assert "Nothing has been fixed yet." in html


def test_a_night_in_which_nothing_was_due_can_be_drawn(tmp_path):
    known = dataclasses.replace(history(), outcomes=outcomes(), gaps=frame("gaps", []))
    site.write(tmp_path, overview(known, nights.policy()))
    html = (tmp_path / "index.html").read_text("utf-8")
    assert "No night could be assessed yet." in html
    assert "not known" in html


def test_names_from_outside_stay_text(tmp_path):
    known = history()
    hostile = "<script>alert(1)</script>&amp;"
    known = dataclasses.replace(
        known,
        outcomes=known.outcomes.assign(unit=hostile),
        accounts=tuple(dataclasses.replace(one, unit=hostile) for one in known.accounts),
    )
    site.write(tmp_path, overview(known, nights.policy()))
    html = (tmp_path / "trends.html").read_text("utf-8")
    assert "script" not in {pages.local(one) for one in pages.parse(html).iter()}
    assert "<script" not in html


def test_words_of_a_drawing_are_escaped(page):
    from reports import charts

    drawn = svg(
        charts.lines(page.frame, {"open_n": "Open"}), "x", "<b>title</b>", 'words "and" <i>'
    )
    assert "<b>" not in drawn
    assert "&lt;i&gt;" in drawn


def test_many_nights_are_shown_week_by_week():
    import pandas as pd

    days = pd.date_range("2026-01-01", periods=MOST + 1, freq="D")
    shown = points(pd.DataFrame({"night": days}))
    assert shown["night"].iloc[-1] == days[-1]
    assert len(shown) == 10
    assert set(shown["night"].dt.day_name()[:-1]) == {"Sunday"}
    assert len(points(pd.DataFrame({"night": days[1:]}))) == MOST
