"""Units at the command line: the first one, the list, and the tree as a workbook."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import assert_refused, both_languages
from tests.kit.house import House
from tests.kit.workbooks import workbook

HEAD = ["编码", "上级编码", "名称", "类别"]


def written(folder: Path, *rows: list[object]) -> str:
    path = folder / "units.xlsx"
    path.write_bytes(workbook([HEAD, *rows]))
    return str(path)


def test_a_new_instance_gets_its_first_unit_and_only_one_root(blank: House) -> None:
    outcome = blank.run("units", "add", "ZZ", "某镇", "--kind", "township", "--name-en", "Some Town")
    assert outcome.code == 0, outcome
    assert both_languages(outcome.out)
    assert blank.run("units", "add", "ZZ01", "某社区", "--kind", "community", "--parent", "ZZ").code == 0
    assert blank.run("units", "list").out == "ZZ\ttownship\t某镇\tSome Town\n  ZZ01\tcommunity\t某社区\n"
    assert_refused(blank.run("units", "add", "YY", "x", "--kind", "township"), "highest unit", "最高一级")
    assert_refused(blank.run("units", "add", "Y Y", "x", "--kind", "community", "--parent", "ZZ"), "2 to 32")
    assert_refused(blank.run("units", "add", "YY", "x", "--kind", "city", "--parent", "ZZ"), "cannot stand")
    assert_refused(
        blank.run("units", "add", "YY", "x", "--kind", "community", "--parent", "NO"), "no unit NO"
    )


def test_a_whole_tree_is_imported_into_an_empty_instance(blank: House, tmp_path: Path) -> None:
    file = written(tmp_path, ["ZZ01", "ZZ", "某社区", "社区"], ["ZZ", None, "某镇", "township"])
    shown = blank.run("units", "import", file, "--dry-run")
    assert shown.code == 0, shown
    assert "+ ZZ01" in shown.out
    assert "New 2, changed 0" in shown.out
    assert blank.run("units", "list").out == ""
    done = blank.run("units", "import", file)
    assert done.code == 0, done
    assert blank.run("units", "list").out.splitlines()[0].startswith("ZZ\ttownship")


def test_two_roots_are_refused(blank: House, tmp_path: Path) -> None:
    file = written(tmp_path, ["ZZ", None, "某镇", "township"], ["YY", None, "另一镇", "township"])
    assert_refused(blank.run("units", "import", file), "B2", "B3", "nothing was changed")


def test_what_is_exported_comes_back_unchanged_in_both_languages(house: House, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        file = str(tmp_path / f"{lang}.xlsx")
        assert house.run("units", "export", "-o", file, "--lang", lang).code == 0
        outcome = house.run("units", "import", file)
        assert outcome.code == 0, outcome
        assert "New 0, changed 0, unchanged 30" in outcome.out


def test_wrong_cells_and_wrong_files_change_nothing(house: House, tmp_path: Path) -> None:
    before = house.run("units", "list").out
    file = written(tmp_path, ["LC01", None, "改名", None], ["N1", "NONE", "一", "社区"])
    outcome = house.run("units", "import", file)
    assert_refused(outcome, "B3\t", "There is no unit NONE", "没有单位 NONE")
    Path(file).write_text("code,name\n", encoding="utf-8")
    assert_refused(house.run("units", "import", file), "CSV", "文本文件")
    assert house.run("units", "export", "-o", str(tmp_path / "no" / "x.xlsx")).code == 1
    assert house.run("units", "list").out == before
