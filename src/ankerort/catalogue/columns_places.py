"""The columns of the catalogue's files about places, lists and the groups that work on them."""

from __future__ import annotations

from ankerort.catalogue.input_kinds import INPUT_KINDS
from ankerort.catalogue.layout import AGREEMENT, LABELS, MARKS, STATUS, FileColumn, FileLayout

DOWNLOADS = FileLayout(
    "downloads.csv",
    ("id",),
    (
        FileColumn("id", "id of the file, as asked for with --only", required=True),
        FileColumn("kind", "kind of input", "choice", True, INPUT_KINDS),
        FileColumn("title_de", "German title", required=True),
        FileColumn("title_en", "English title", required=True),
        FileColumn("publisher", "who publishes it or has to be asked", required=True),
        FileColumn("page", "page of the publisher; empty = none"),
        FileColumn("url", "address of the file; empty = only by hand"),
        FileColumn("file_name", "name that it gets in eingang/", required=True),
        FileColumn("licence", "licence", required=True),
        FileColumn("attribution", "credit line", required=True),
        FileColumn("good_for_de", "what it is good for, German", required=True),
        FileColumn("good_for_en", "what it is good for, English", required=True),
        FileColumn("without_de", "what its absence costs, one German sentence", required=True),
        FileColumn("without_en", "what its absence costs, one English sentence", required=True),
        FileColumn("scope", "all, or abbreviations of Laender separated by ;", required=True),
        FileColumn("required", "yes: there is no assessment without it", "yes_no", True),
        FileColumn(
            "usual", "yes: fetched without being asked for; no: one of several files that hold the same", "yes_no", True
        ),
        FileColumn("size_mb", "megabytes; empty = not known", "number", lowest=0),
        FileColumn("sha256", "checksum; empty = the file changes"),
        FileColumn("mark", "S, M, D; two marks with a stroke", "choice", True, MARKS),
        FileColumn("checked_on", "day on which the address was looked up", "date"),
    ),
)
NOUNS = FileLayout(
    "nouns.csv",
    ("id",),
    (
        FileColumn("id", "service, or core:<id> of a core function", required=True),
        FileColumn("gender_de", "gender of the German noun: m, f, n", "choice", True, ("m", "f", "n")),
        FileColumn("noun_de", 'German noun, one, as it stands after "der nächste"', required=True),
        FileColumn("plural_de", "German noun, several", required=True),
        FileColumn("noun_en", "English noun, one", required=True),
        FileColumn("plural_en", "English noun, several", required=True),
        FileColumn("mark", "letter on the maps of places; empty = none"),
    ),
)
PLACE_EXPECTATIONS = FileLayout(
    "place_expectations.csv",
    ("persons_from", "item"),
    (
        FileColumn("persons_from", "the class of size begins with so many inhabitants", "number", True, lowest=0),
        FileColumn("item", "service, or core:<id> of a core function", required=True),
        FileColumn(
            "expected",
            "whether places of this size are expected to have it: yes, useful (a help, but not everywhere), no",
            "choice",
            True,
            ("yes", "useful", "no"),
        ),
        *STATUS,
        *AGREEMENT,
    ),
)
WORKING_GROUPS = FileLayout(
    "working_groups.csv",
    ("id",),
    (
        FileColumn("id", "id of the working group", required=True),
        *LABELS,
        FileColumn("areas", "areas of services.csv that it works on, separated by ;", required=True),
    ),
)
WORKING_GROUP_DATA = FileLayout(
    "working_group_data.csv",
    ("group", "data_de"),
    (
        FileColumn("group", "working group", required=True),
        FileColumn("data_de", "data that are usually owed, German", required=True),
        FileColumn("data_en", "data that are usually owed, English", required=True),
        FileColumn("office_de", "office that usually has them, German", required=True),
        FileColumn("office_en", "office that usually has them, English", required=True),
    ),
)
