from tests.coverage_report import report


def test_files_below_eighty_percent_are_named_under_their_app() -> None:
    files = {"returns/a.py": (10, 8), "returns/b.py": (10, 7), "refunds/c.py": (0, 0)}
    measured = {
        "files": {
            name: {"summary": {"num_statements": count, "covered_lines": covered}}
            for name, (count, covered) in files.items()
        }
    }
    assert report(measured).splitlines() == [" 100 %  refunds", "  75 %  returns", "  70 %      returns/b.py"]
