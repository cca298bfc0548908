"""The report counts everything and names the first of each kind."""

from cadl_gui.domain.import_report import ImportReport, Note


def test_report_is_one_line_that_a_user_can_read():
    report = ImportReport().plus(1203, [Note("turned", f"{n}.jpg", "") for n in range(14)])
    report = report.plus(0, [Note("skipped", name, "is empty") for name in "ab"])
    report = report.plus(0, [Note("skipped", "c", "is no longer there"), Note("converted", "d", "from CMYK")])
    assert str(report) == (
        "1,203 images opened, 14 turned by EXIF, 1 converted from CMYK, "
        "3 skipped: “a” (empty), “b” (empty), “c” (no longer there)"
    )
    assert report.count("skipped") == 3
    assert report.lines[:2] == ["2 skipped (empty): “a”, “b”", "1 skipped (no longer there): “c”"]


def test_many_names_are_counted_and_not_kept():
    report = ImportReport().plus(0, [Note("skipped", str(n), "is empty") for n in range(200_000)])
    assert (
        str(report)
        == "0 images opened, 200,000 skipped: “0” (empty), “1” (empty), “2” (empty) and 199,997 more"
    )
    assert len(str(report.to_json())) < 2000


def test_report_comes_back_from_a_file():
    report = ImportReport().plus(5, [Note("turned", "a", ""), Note("problem", "film.mp4", "is truncated")])
    assert ImportReport.from_json(report.to_json()) == report
    assert str(report) == "5 images opened, 1 turned by EXIF; “film.mp4” is truncated"
