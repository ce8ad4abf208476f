"""What a table may cost, checked before anything is unpacked, and what its reading process may use."""

MAX_FILE = 50 * 2**20  # bytes
MAX_ENTRIES = 2000  # files in an .xlsx
MAX_UNPACKED = 400 * 2**20  # bytes, all entries together
MAX_RATIO = 200  # unpacked ÷ packed, for entries larger than RATIO_FROM
RATIO_FROM = 2**20  # bytes
MAX_ROWS = 200_000
MAX_COLUMNS = 100
MAX_CELL = 4000  # characters of one cell
HEAD_ROWS = 30  # rows in which the column names are looked for
MEMORY = 1536 * 2**20  # address space of the reading process
SECONDS = 120  # its time
MAX_ANSWER = 300 * 2**20  # bytes that it may answer


class TooMuch(Exception):
    """The file goes past a limit or is none of ours; the message is the sentence to show."""
