"""Tables that a run writes into a page, between <!-- name --> and <!-- /name -->."""

import re


def rows_in(page, name):
    """The rows that are there, by their first cell."""
    rows = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", page.read_text(), re.S)
    return {line.split("|")[1].strip(): line for line in rows.group(1).splitlines()[2:]} if rows else {}


def write_into(page, name, table):
    text = page.read_text()
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not pattern.search(text):
        raise SystemExit(f"{page.name} has no place for the table: <!-- {name} --> and <!-- /{name} -->")
    page.write_text(pattern.sub(lambda match: match.group(1) + table + "\n" + match.group(2), text))
