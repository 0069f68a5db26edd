"""Reading the sources and writing the tables."""
import csv
import io
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(path, skip_lines=0):
    """Rows of a CSV; marks, blanks around names and comment lines dropped."""
    with open(path, encoding="utf-8-sig", newline="") as f:
        lines = f.read().splitlines()[skip_lines:]
    text = "\n".join(line for line in lines if line.strip() and not line.startswith("#"))
    return [{(k or "").strip(): (v or "").strip() for k, v in row.items() if not isinstance(v, list)}
            for row in csv.DictReader(io.StringIO(text))]


def datasheet(name):
    return read(os.path.join(ROOT, "data", "datasheets", name))


def number(text):
    """A positive number, or None for what the sources hold instead of one: '', '27.29.5', 'N/A', '0'."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if value > 0 else None


def short(value, digits=6):
    return "" if value is None else f"{value:.{digits}g}"


only_check = False  # compare with the tables that are there and write nothing
differing = []


def write(name, header, columns, rows):
    lines = [f"# {line}".rstrip() for line in header.strip().split("\n")] + [",".join(columns)]
    for row in rows:
        fields = [str(row.get(c, "")) for c in columns]
        assert not any("," in field or "\n" in field for field in fields), row
        lines.append(",".join(fields))
    made = ("\n".join(lines) + "\n").encode()
    path = os.path.join(ROOT, "data", name)
    if only_check:
        with open(path, "rb") as f:
            if f.read() != made:
                differing.append(name)
    else:
        with open(path, "wb") as f:
            f.write(made)
    print(f"{name}: {len(rows)} rows, {len(made)} bytes")
