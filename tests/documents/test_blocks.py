"""Three writers of one printed document: PDF/UA, DOCX, HTML."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
import typst
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from ankerort.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Printed,
    Table,
)
from ankerort.documents.blocks_check import checked, checked_blocks, clean, lowered, shows_title
from ankerort.documents.blocks_docx import write_docx
from ankerort.documents.blocks_html import blocks_html
from ankerort.documents.blocks_pdf import missing_characters, write_pdf

NASTY = (
    "#nasty",
    "*fett*",
    "_kursiv_",
    "$x^2$",
    "@ziel",
    "<b>",
    "`code`",
    "//",
    "/*",
    "*/",
    "~",
    "=",
    "+",
    "-",
    "\\n",
    "[",
    "]",
    "--",
    "...",
    '"',
    "'",
    "&amp;",
    "{{t}}",
    "%",
    "Łódź",
    "Straße",
    "#let",
    "Жуков",
)


def png() -> bytes:
    """A small picture."""
    stream = io.BytesIO()
    Figure(figsize=(1, 1)).savefig(stream, format="png", dpi=40)
    return stream.getvalue()


def document(*blocks: Block, title: str = "Bericht *1*") -> Printed:
    return Printed(
        title=title,
        header="Arbeitsstand 05.06.2026 – nicht abgestimmt",
        footer="Musterkreis #1 · © Quelle",
        lang="de",
        date="2026-06-05",
        blocks=blocks,
    )


def everything() -> Printed:
    """One of each block."""
    return document(
        Heading("Das Wichtigste = *x*", anchor="wichtigstes"),
        Paragraph("Erster Absatz mit #let x und $y$.", "lead"),
        Paragraph("Zeile eins\nZeile zwei", "note"),
        Paragraph("Achtung", "warn"),
        Bullets(("- eins", "+ zwei")),
        Heading("Karte", 2),
        Picture(png(), "Karte der <Orte>", 60, "Bildtitel"),
        Table(
            ("Ort", "Menschen", "Lage"),
            (("Bottmersdorf", "640", Cell("O", "#1b7837", "#ffffff", bold=True)), ("Klein *Stern*", "1.230", "–")),
            align=("left", "right", "center"),
            caption="Orte & Letter",
        ),
        PictureRow((Picture(png(), "Karte A", 40, "A"), Picture(png(), "Karte B", 40, "B"))),
        PageBreak(),
        Heading("Fragen", 1),
        Lines("Bemerkungen", 3),
        Paragraph("Quelle: Amt", "small"),
    )


def pdf_text(path: Path) -> str:
    """Text of all pages without header and footer."""
    pages = []
    for page in pypdf.PdfReader(path).pages:
        lines = page.extract_text().split("\n")
        pages.append("\n".join(x for x in lines if not x.startswith("Arbeitsstand 05") and "Seite " not in x))
    return "\n".join(pages)


def squeezed(text: str) -> str:
    """Without blanks, line ends and hyphens of line ends: what is left are the words in their order."""
    text = unicodedata.normalize("NFKC", text.replace("\u00ad\n", "").replace("\u00ad", "").replace("\u200b", ""))
    return re.sub(r"[\s•]", "", text)


def docx_text(path: Path) -> str:
    """Text of the body in its order, with the tables where they stand."""
    texts = []
    for element in docx.Document(str(path)).element.body.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        texts.append(element.text if element.tag == qn("w:t") else "\n")
    return "".join(t or "" for t in texts)


def html_text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def printed_words(printed: Printed) -> str:
    """What the blocks say, in their order."""
    out = [printed.title] if shows_title(printed) else []
    for block in printed.blocks:
        if isinstance(block, Heading | Paragraph):
            out.append(block.text)
        elif isinstance(block, Bullets):
            out += block.items
        elif isinstance(block, Table):
            out += [block.caption, *block.head]
            out += [c.text if isinstance(c, Cell) else c for row in block.rows for c in row]
        elif isinstance(block, Picture):
            out.append(block.caption)
        elif isinstance(block, PictureRow):
            out += [p.caption for p in block.pictures]
        elif isinstance(block, Lines):
            out.append(block.label)
    return squeezed(" ".join(out))


def test_the_three_say_the_same_words_in_the_same_order(tmp_path: Path) -> None:
    """PDF, DOCX and HTML read back give the words of the blocks, in their order."""
    printed = everything()
    write_pdf(printed, tmp_path / "a.pdf")
    write_docx(printed, tmp_path / "a.docx")
    page = str(blocks_html(printed.blocks, "de"))
    wanted = printed_words(printed)
    assert squeezed(pdf_text(tmp_path / "a.pdf")) == wanted
    assert squeezed(docx_text(tmp_path / "a.docx")) == wanted
    assert squeezed(printed.title + html_text(page)) == wanted


def test_pdf_is_tagged_and_says_so(tmp_path: Path) -> None:
    """PDF/UA-1: marked, language, title shown, structure tree with headings, table heads, pictures with their text."""
    write_pdf(everything(), tmp_path / "a.pdf")
    reader = pypdf.PdfReader(tmp_path / "a.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("de")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == "Bericht *1*"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    tags: list[str] = []
    alts: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                tags.append(str(node["/S"]))
            if "/Alt" in node:
                alts.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/StructTreeRoot"])
    assert alts == ["Karte der <Orte>", "Karte A", "Karte B"]
    assert tags.count("/TH") == 3
    assert tags.count("/TD") == 6
    assert {"/H1", "/H2", "/L", "/LI", "/Table", "/Figure"} <= set(tags)
    assert [o.title for o in reader.outline if not isinstance(o, list)] == ["Das Wichtigste = *x*", "Fragen"]


def test_status_and_page_number_stand_on_each_page(tmp_path: Path) -> None:
    """Header (status), footer (region, credit, page n of m) are on every page of the PDF, and A4 it is."""
    write_pdf(everything(), tmp_path / "a.pdf")
    pages = pypdf.PdfReader(tmp_path / "a.pdf").pages
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert "Arbeitsstand 05.06.2026 – nicht abgestimmt" in text
        assert "Musterkreis #1 · © Quelle" in text
        assert f"Seite {number} von 2" in text
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)


def test_only_the_fonts_of_the_packages_are_used(tmp_path: Path) -> None:
    """Source Sans Pro, and DejaVu Sans for what it lacks; no font of the machine."""
    write_pdf(document(Paragraph("Ort → Жуков")), tmp_path / "a.pdf")
    page = pypdf.PdfReader(tmp_path / "a.pdf").pages[0]
    names = {str(f.get_object()["/BaseFont"]) for f in page["/Resources"]["/Font"].values()}
    assert {re.split(r"[+-]", n)[1] for n in names} <= {"SourceSansPro", "DejaVuSans"}


def test_equal_content_gives_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF and DOCX written twice, with another clock, are the same bytes."""
    for write, name in ((write_pdf, "a.pdf"), (write_docx, "a.docx")):
        write(everything(), tmp_path / name)
        first = (tmp_path / name).read_bytes()
        monkeypatch.setattr("time.localtime", lambda *_: (2031, 1, 2, 3, 4, 6, 0, 2, 0))
        monkeypatch.setattr("time.time", lambda: 1.9e9)
        write(everything(), tmp_path / f"b{name}")
        monkeypatch.undo()
        assert (tmp_path / f"b{name}").read_bytes() == first


def test_docx_is_one_an_office_can_edit(tmp_path: Path) -> None:
    """Real headings, lists, repeated table heads, texts for pictures, fields for the pages, German, A4, fixed dates."""
    write_docx(everything(), tmp_path / "a.docx")
    document_ = docx.Document(str(tmp_path / "a.docx"))
    styles = {p.text: p.style.name for p in document_.paragraphs if p.style is not None}
    assert styles["Bericht *1*"] == "Title"
    assert styles["Das Wichtigste = *x*"] == "Heading 1"
    assert styles["Karte"] == "Heading 2"
    assert styles["- eins"] == "List Bullet"
    table = document_.tables[0]
    head = table.rows[0]._tr.trPr
    assert head.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    shading = table.cell(1, 2)._tc.tcPr.find(qn("w:shd"))
    assert shading.get(qn("w:fill")) == "1b7837"
    assert [s._inline.docPr.get("descr") for s in document_.inline_shapes] == ["Karte der <Orte>", "Karte A", "Karte B"]
    section = document_.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.header.paragraphs[0].text == "Arbeitsstand 05.06.2026 – nicht abgestimmt"
    fields = [e.text.strip() for e in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert document_.core_properties.title == "Bericht *1*"
    assert document_.core_properties.created.date().isoformat() == "2026-06-05"
    assert document_.styles.element.find(".//" + qn("w:lang")).get(qn("w:val")) == "de-DE"
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    broken = next(p for p in document_.paragraphs if p.text == "Fragen")
    assert broken.paragraph_format.page_break_before


def test_html_is_semantic_and_escaped() -> None:
    """Headings one level down, scopes at heads, text for pictures; a name never becomes markup."""
    page = str(blocks_html(everything().blocks, "de"))
    assert '<h2 id="wichtigstes">Das Wichtigste = *x*</h2>' in page
    assert "<h3>Karte</h3>" in page
    assert 'alt="Karte der &lt;Orte&gt;"' in page
    assert page.count('scope="col"') == 3
    assert page.count('scope="row"') == 2
    assert "<caption>Orte &amp; Letter</caption>" in page
    assert "Zeile eins<br>Zeile zwei" in page
    nasty = str(blocks_html((Paragraph("<script>alert(1)</script>"),), "de"))
    assert "<script>" not in nasty


@settings(max_examples=25, deadline=None)
@given(
    words=st.lists(
        st.one_of(
            st.sampled_from(NASTY), st.text(alphabet="abcÄßé#*_$@<>[]\\`~/=+-.,:;&{}()!?'\"", min_size=1, max_size=9)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_text_prints_as_it_is(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Signs of Typst, XML and HTML in a text are printed, not obeyed, wherever they stand."""
    text = " ".join(words)
    printed = document(
        Heading(text), Paragraph(text), Bullets((text,)), Table((text, "B"), ((text, text),), caption=text), title=text
    )
    folder = tmp_path_factory.mktemp("text")
    write_pdf(printed, folder / "a.pdf")
    write_docx(printed, folder / "a.docx")
    wanted = printed_words(checked(printed))
    assert squeezed(docx_text(folder / "a.docx")) == wanted
    assert squeezed(html_text(str(blocks_html(printed.blocks, "de")))) == wanted
    # a hyphen at the end of a line may be one that hyphenation set
    assert squeezed(pdf_text(folder / "a.pdf")).replace("-", "") == wanted.replace("-", "")


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=30))
def test_any_sign_of_unicode_can_be_written(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No sign, however rare, stops a document; what is cleaned is the same for all, and cleaning twice changes nothing."""
    printed = document(Heading("Ort"), Paragraph("x" + text), Table(("A",), ((text,),)))
    folder = tmp_path_factory.mktemp("signs")
    write_pdf(printed, folder / "a.pdf")
    write_docx(printed, folder / "a.docx")
    assert clean(clean(text)) == clean(text)
    assert pypdf.PdfReader(folder / "a.pdf").pages


def test_characters_no_font_knows_are_named(tmp_path: Path) -> None:
    """A missing character is returned, stands as a square and is named at the end of the document."""
    printed = document(Paragraph("Gasthof 漢 Krone"))
    assert missing_characters(printed) == ("漢",)
    assert write_pdf(printed, tmp_path / "a.pdf") == ("漢",)
    text = pdf_text(tmp_path / "a.pdf")
    assert "Gasthof □ Krone" in text
    assert "U+6F22" in text
    assert write_pdf(everything(), tmp_path / "b.pdf") == ()


def test_a_row_of_one_cell_heads_the_rows_below(tmp_path: Path) -> None:
    """It spans the table in all three files, and the PDF repeats it with the head where its rows go on over a page."""
    rows = (("Erste",), *((f"Ort {k}", "1") for k in range(60)), ("Zweite",), ("Letzter", "2"))
    printed = document(Table(("Ort", "Zahl"), rows))
    write_pdf(printed, tmp_path / "a.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    assert len(pages) == 2 and all("Erste" in page for page in pages)
    assert "Zweite" not in pages[0] and pages[1].index("Zweite") < pages[1].index("Letzter")
    assert '<th colspan="2" scope="rowgroup">Zweite</th>' in blocks_html(printed.blocks, "de")
    write_docx(printed, tmp_path / "a.docx")
    (table,) = docx.Document(str(tmp_path / "a.docx")).tables
    assert [len(line.tc_lst) for line in table._tbl.tr_lst[:3]] == [2, 1, 2]


def test_a_big_table_repeats_its_head_on_each_page(tmp_path: Path) -> None:
    """A table of 120 rows with upright names goes over pages; each has all column names, and no row is lost."""
    head = ("Ort", *(f"Funktion {k}" for k in range(12)))
    rows = tuple((f"Dorf {n}", *("O" for _ in range(12))) for n in range(120))
    write_pdf(document(Table(head, rows, turned_head=True)), tmp_path / "a.pdf")
    pages = [p.extract_text() for p in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    assert len(pages) > 2
    assert all("Funktion 0" in p and "Funktion 11" in p for p in pages)
    assert sum(len(re.findall(r"Dorf \d+", p)) for p in pages) == 120


def test_long_words_stay_on_the_page(tmp_path: Path) -> None:
    """A word without a place to hyphenate, in a narrow column, does not run off the page."""
    word = "Q" * 90
    address = "https://example.org/" + "/".join(f"teil{k}" for k in range(20))
    write_pdf(document(Table(("A", "B"), ((word, address),), widths=(1, 2))), tmp_path / "a.pdf")
    right_edge = 0.0

    def visit(text: str, _cm: object, matrix: list[float], *_: object) -> None:
        nonlocal right_edge
        if text.strip():
            right_edge = max(right_edge, matrix[4])

    page = pypdf.PdfReader(tmp_path / "a.pdf").pages[0]
    page.extract_text(visitor_text=visit)
    assert 0 < right_edge < float(page.mediabox.width)
    assert word in squeezed(page.extract_text()) or squeezed(page.extract_text()).count("Q") == 90


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ((Picture(b"\x89PNG\r\n\x1a\n", " ", 50),), "needs the text"),
        ((Picture(b"GIF", "Karte", 50),), "no PNG"),
        ((Heading("Eins"), Heading("Drei", 3)), "no level may be left out"),
        ((Heading("Zwei", 2),), "no level may be left out"),
        ((Heading(" "),), "needs words"),
        ((Table(("A", "B", "C"), (("1", "2"),)),), "2 cells under 3"),
        ((Table(("A", "B"), (), align=("left",)),), "1 alignments for 2"),
        ((Table(("A", "B"), (), widths=(1.0,)),), "1 widths for 2"),
        ((Table((), ()),), "column names"),
        ((PictureRow(()),), "needs pictures"),
    ],
)
def test_what_not_everybody_could_read_is_refused(blocks: tuple[Block, ...], words: str, tmp_path: Path) -> None:
    """A picture without text, a skipped heading, a crooked table are refused by all three, with the reason."""
    for write in (write_pdf, write_docx):
        with pytest.raises(ValueError, match=words):
            write(document(*blocks), tmp_path / "a")
    with pytest.raises(ValueError, match=words):
        blocks_html(blocks, "de")
    assert not (tmp_path / "a").exists()


def test_a_document_without_title_is_refused(tmp_path: Path) -> None:
    """Reading programs say the title first; an empty one is refused."""
    with pytest.raises(ValueError, match="title"):
        write_pdf(document(Paragraph("x"), title=" "), tmp_path / "a.pdf")


def test_typst_itself_refuses_a_picture_without_text() -> None:
    """The validator behind us is on: without our own check Typst's PDF/UA-1 check would stop the document."""
    source = b'#set document(title: "T")\n#image(bytes(sys.inputs.p), format: "svg")'
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    with pytest.raises(typst.TypstError, match="alt"):
        typst.compile(source, sys_inputs={"p": svg}, pdf_standards=["ua-1"])


def test_parts_can_be_lowered_and_a_title_is_not_told_twice() -> None:
    """`lowered` shifts headings only; a first heading that equals the title replaces it."""
    part = lowered((Heading("A"), Paragraph("x"), Heading("B", 2)), 1)
    assert [b.level for b in part if isinstance(b, Heading)] == [2, 3]
    assert checked_blocks((Heading("Kapitel"), *part))
    assert not shows_title(document(Heading("Dorf"), title="Dorf"))
    assert shows_title(document(Heading("Dorf"), title="Bericht"))
