"""Tables that a run writes into a page, between <!-- name --> and <!-- /name -->."""

import re


def write_into(page, name, table):
    text = page.read_text()
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not pattern.search(text):
        raise SystemExit(f"{page.name} has no place for the table: <!-- {name} --> and <!-- /{name} -->")
    page.write_text(pattern.sub(lambda match: match.group(1) + table + "\n" + match.group(2), text))
