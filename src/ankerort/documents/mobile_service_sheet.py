"""One service with all its villages on a sheet: where, when, the next dates, phone. 14 pt, since old people read it."""

from __future__ import annotations

from ankerort.documents.blocks import Block, Heading, Paragraph, Printed, Table
from ankerort.documents.mobile_parts import MobileParts
from ankerort.documents.mobile_sheet import sentence, stop_name, unbroken
from ankerort.text import say
from ankerort.text.grammar import capital

TEXT_PT = 14.0
_NEXT = 3


def service_printed(parts: MobileParts, service: str) -> Printed:
    """The sheet of one service."""
    lang, contact = parts.lang, parts.contact
    title = say("mobile_doc.service_title", lang, service=capital(parts.service(service)))
    rows: list[tuple[str, ...]] = []
    for stop in parts.stops:
        for visit in stop.visits:
            if service not in visit.services:
                continue
            days = [parts.long_day(d, weekday=False) for d in visit.dates.held[:_NEXT]]
            rows.append(
                (
                    f"{stop.place}\n{stop_name(parts, stop)}",
                    f"{capital(parts.rhythm(visit))}\n{parts.hours(visit.from_time, visit.to_time)}",
                    "\n".join(days),
                )
            )
    keys = ("place_stop", "when", "next")
    blocks: list[Block] = [Heading(title)]
    blocks.append(Table(tuple(say(f"mobile_doc.column.{k}", lang) for k in keys), tuple(rows), widths=(5, 5.4, 3.2)))
    blocks.append(Paragraph(say("mobile_doc.service_dates", lang)))
    if contact.phone:
        blocks.append(Paragraph(say("mobile_doc.phone", lang, phone=unbroken(contact.phone)), "big", keep=True))
        if contact.phone_hours:
            blocks.append(Paragraph(sentence(contact.phone_hours)))
        home = contact.home_phone or contact.phone
        blocks.append(Paragraph(say("mobile_doc.home", lang, phone=unbroken(home)), "big"))
    footer = " · ".join(x for x in (contact.publisher, parts.footer) if x)
    return Printed(title, parts.header, footer, lang, parts.date, tuple(blocks), text_pt=TEXT_PT)
