"""Ways in which a file of comma-separated values is damaged: of the file as a whole, and of one row.

Each takes the lines of a clean file and gives the bytes of a damaged one. The benchmark Pollock names the kinds: delimiters,
quotes, escapes, the width of records, line ends, encodings, and what stands above, among and below the rows.
"""

BOM = b"\xef\xbb\xbf"


def joined(lines, end=b"\n"):
    return b"".join(line + end for line in lines)


def recoded(encoding):
    return lambda lines: joined(lines).decode().encode(encoding)


def with_delimiter(delimiter):
    return lambda lines: joined(line.replace(b",", delimiter) for line in lines)


def quoted(quote):
    def pollute(lines):
        return joined(b",".join(quote + cell + quote for cell in line.split(b",")) for line in lines)
    return pollute


def with_header(change):
    return lambda lines: joined([change(lines[0]), *lines[1:]])


def with_lines(above=(), below=()):
    return lambda lines: joined([*above, *lines, *below])


def units(header):
    return [b"text"] * len(header.split(b","))


# The whole file.
OF_FILE = {
    "delimiter semicolon": with_delimiter(b";"),
    "delimiter tab": with_delimiter(b"\t"),
    "delimiter bar": with_delimiter(b"|"),
    "delimiter colon": with_delimiter(b":"),
    "delimiter space": with_delimiter(b" "),
    "delimiter comma and space": with_delimiter(b", "),
    "delimiter two bars": with_delimiter(b"||"),
    "delimiter unit separator": with_delimiter(b"\x1f"),
    "delimiter of the header alone": with_header(lambda header: header.replace(b",", b";")),
    "every cell quoted": quoted(b'"'),
    "every cell in apostrophes": quoted(b"'"),
    "every cell in curly quotes": lambda lines: quoted(b"\xe2\x80\x9c")(lines),
    "every cell with a doubled quote around it": quoted(b'""'),
    "every line quoted as a whole": lambda lines: joined(b'"' + line + b'"' for line in lines),
    "every line with a delimiter at its end": lambda lines: joined(line + b"," for line in lines),
    "every row with a delimiter at its end": lambda lines: joined([lines[0], *(line + b"," for line in lines[1:])]),
    "every line with blanks before it": lambda lines: joined(b"  " + line for line in lines),
    "line ends CR LF": lambda lines: joined(lines, b"\r\n"),
    "line ends CR": lambda lines: joined(lines, b"\r"),
    "line ends LF CR": lambda lines: joined(lines, b"\n\r"),
    "line ends CR CR LF": lambda lines: joined(lines, b"\r\r\n"),
    "line ends LF LF": lambda lines: joined(lines, b"\n\n"),
    "line ends in turn": lambda lines: b"".join(line + (b"\r\n", b"\n")[place % 2] for place, line in enumerate(lines)),
    "line ends of Unicode": lambda lines: joined(lines, "\u2028".encode()),
    "no line end at the end": lambda lines: joined(lines)[:-1],
    "no line ends": lambda lines: joined(lines, b""),
    "byte order mark": lambda lines: BOM + joined(lines),
    "two byte order marks": lambda lines: BOM + BOM + joined(lines),
    "UTF-16 with mark": recoded("utf-16"),
    "UTF-16 LE": recoded("utf-16-le"),
    "UTF-16 BE": recoded("utf-16-be"),
    "UTF-32": recoded("utf-32"),
    "UTF-7": recoded("utf-7"),
    "EBCDIC": recoded("cp500"),
    "mark of UTF-16 before UTF-8": lambda lines: b"\xff\xfe" + joined(lines),
    "header missing": lambda lines: joined(lines[1:]),
    "header twice": lambda lines: joined([lines[0], *lines]),
    "header at the end": lambda lines: joined([*lines[1:], lines[0]]),
    "header in capitals": with_header(bytes.upper),
    "header in quotes": with_header(lambda header: b'"' + header.replace(b",", b'","') + b'"'),
    "header with a column too many": with_header(lambda header: header + b",also"),
    "header with a column too few": with_header(lambda header: header.rpartition(b",")[0]),
    "header without its first name": with_header(lambda header: b"," + header.partition(b",")[2]),
    "header with a name twice": with_header(lambda header: header + b"," + header.split(b",")[0]),
    "header with an unclosed quote": with_header(lambda header: b'"' + header),
    "header over two lines": with_header(lambda header: header.replace(b",", b",\n", 3)),
    "header with its line end lost": lambda lines: joined([lines[0] + lines[1], *lines[2:]]),
    "header with a line of units under it": lambda lines: joined([lines[0], b",".join(units(lines[0])), *lines[1:]]),
    "header with blanks": with_header(lambda header: header.replace(b",", b" , ")),
    "header of numbers": with_header(lambda header: b",".join(str(place).encode() for place in range(len(header.split(b","))))),
    "header commented out": with_header(lambda header: b"# " + header),
    "header only": lambda lines: joined(lines[:1]),
    "nothing": lambda lines: b"",
    "blank lines alone": lambda lines: b"\n\n\n",
    "preamble of a line": with_lines(above=[b"Extract of March"]),
    "preamble of four lines": with_lines(above=[b"Extract", b"Made on,2019-04-01", b"", b"OFFICIAL - SENSITIVE"]),
    "preamble sep": with_lines(above=[b"sep=,"]),
    "preamble sep of another delimiter": with_lines(above=[b"sep=;"]),
    "preamble of blank lines": with_lines(above=[b"", b""]),
    "preamble of empty cells": lambda lines: joined([b"," * lines[0].count(b","), *lines]),
    "footer of a total": lambda lines: joined([*lines, b"Total" + b"," * lines[0].count(b",")]),
    "footer of a count": with_lines(below=[b"", b"(41 rows affected)"]),
    "footer of a note": with_lines(below=[b"Source: HMRC"]),
    "footer of a table": with_lines(below=[b"", b"month,count", b"2018-05,3"]),
    "footer of Ctrl-Z": lambda lines: joined(lines) + b"\x1a",
    "footer of NUL": lambda lines: joined(lines) + bytes(4096),
    "footer of blank lines": with_lines(below=[b""] * 40),
}


def cells(change, delimiter=b","):
    """Changes the cells of a row."""
    return lambda line, place, width: delimiter.join(change(line.split(b","), place % width))


def one_delimiter(other):
    """Another delimiter once in a row."""
    def pollute(line, place, width):
        *before, after = line.split(b",", place % (width - 1) + 1)
        return b",".join(before) + other + after
    return pollute


def at_cell(change):
    """Changes one cell of a row."""
    def pollute(row, place):
        return [*row[:place], change(row[place]), *row[place + 1:]]
    return cells(pollute)


# One row: of its line, a place in it and the width of the header. What it gives may be several lines.
OF_ROW = {
    "cell too many at the end": lambda line, place, width: line + b",extra",
    "empty cell too many at the end": lambda line, place, width: line + b",",
    "many cells too many": lambda line, place, width: line + b"," * 50,
    "cell too many inside": cells(lambda row, place: [*row[:place], b"extra", *row[place:]]),
    "empty cell too many inside": cells(lambda row, place: [*row[:place], b"", *row[place:]]),
    "cell too few at the end": cells(lambda row, place: row[:-1]),
    "cell too few inside": cells(lambda row, place: [*row[:place], *row[place + 1:]]),
    "first cell alone": cells(lambda row, place: row[:1]),
    "half of the line": lambda line, place, width: line[: len(line) // 2],
    "delimiter semicolon": lambda line, place, width: line.replace(b",", b";"),
    "delimiter tab": lambda line, place, width: line.replace(b",", b"\t"),
    "one delimiter semicolon": one_delimiter(b";"),
    "quote opens": at_cell(lambda cell: b'"' + cell),
    "quote closes": at_cell(lambda cell: cell + b'"'),
    "quote inside": at_cell(lambda cell: cell[:1] + b'"' + cell[1:]),
    "quoted": at_cell(lambda cell: b'"' + cell + b'"'),
    "quoted with more behind it": at_cell(lambda cell: b'"' + cell + b'"x'),
    "quoted with blanks around it": at_cell(lambda cell: b' "' + cell + b'" '),
    "quote not doubled inside quotes": at_cell(lambda cell: b'"' + cell[:1] + b'"' + cell[1:] + b'"'),
    "quote doubled inside quotes": at_cell(lambda cell: b'"' + cell[:1] + b'""' + cell[1:] + b'"'),
    "quote escaped by a backslash": at_cell(lambda cell: b'"' + cell[:1] + b'\\"' + cell[1:] + b'"'),
    "delimiter escaped by a backslash": at_cell(lambda cell: cell[:1] + b"\\," + cell[1:]),
    "delimiter inside quotes": at_cell(lambda cell: b'"' + cell[:1] + b"," + cell[1:] + b'"'),
    "in apostrophes": at_cell(lambda cell: b"'" + cell + b"'"),
    "line end inside": at_cell(lambda cell: cell[:2] + b"\n" + cell[2:]),
    "carriage return inside": at_cell(lambda cell: cell[:2] + b"\r" + cell[2:]),
    "line end inside quotes": at_cell(lambda cell: b'"' + cell[:2] + b"\n" + cell[2:] + b'"'),
    "whole line quoted": lambda line, place, width: b'"' + line + b'"',
    "byte that is no UTF-8": at_cell(lambda cell: cell[:1] + b"\xff" + cell[1:]),
    "letter of Windows-1252": at_cell(lambda cell: cell[:1] + b"\xe9" + cell[1:]),
    "NUL inside": at_cell(lambda cell: cell[:1] + b"\x00" + cell[1:]),
    "byte order mark inside": at_cell(lambda cell: BOM + cell),
    "blanks around": at_cell(lambda cell: b"  " + cell + b"\t"),
    "no-break space inside": at_cell(lambda cell: cell + "\u00a0".encode()),
    "line separator of Unicode inside": at_cell(lambda cell: cell[:2] + "\u2028".encode() + cell[2:]),
    "form feed inside": at_cell(lambda cell: cell[:2] + b"\x0c" + cell[2:]),
    "zero-width space inside": at_cell(lambda cell: cell[:2] + "\u200b".encode() + cell[2:]),
    "very long cell": at_cell(lambda cell: cell + b"x" * 70_000),
    "lost": lambda line, place, width: None,
    "twice": lambda line, place, width: line + b"\n" + line,
    "in UTF-16": lambda line, place, width: line.decode().encode("utf-16-le"),
}

# What stands between two rows and is none. The rows around it are whole.
BETWEEN_ROWS = {
    "blank line": lambda header: b"",
    "line of delimiters": lambda header: b"," * header.count(b","),
    "line of blanks": lambda header: b"   ",
    "comment": lambda header: b"# checked up to here",
    "title": lambda header: b"Page 2",
    "header once more": lambda header: header,
    "subtotal": lambda header: b"Total" + b"," * header.count(b","),
    "line of dashes": lambda header: b",".join([b"---"] * len(header.split(b","))),
    "quote alone": lambda header: b'"',
    "merge conflict": lambda header: b"<<<<<<< HEAD",
    "Ctrl-Z": lambda header: b"\x1a",
    "half a row": lambda header: b"NC123",
}
