"""Page "arbeitsgruppen": who owes which data, and which standards were agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ankerort.documents.assessment import Assessment
from ankerort.region.working_groups import Agreed
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date, format_decimal, format_whole


def working_groups_content(assessment: Assessment, lang: Language) -> Mapping[str, Any]:
    """Content of the page; without a table one sentence says how to make it."""
    groups = assessment.groups
    labels = {g.id: g.label(lang) for g in assessment.catalogue.working_groups}
    waiting = groups.open_items()
    done = len(groups.owed) - len(waiting)
    if not groups.exists:
        about = say("groups.none", lang)
    elif groups.owed and not waiting:
        about = say("groups.all_delivered", lang)
    else:
        about = say("groups.open", lang, open=Counted(len(waiting), lang), done=Counted(done, lang))
    return {
        "about": about,
        "owed": [
            {
                "office": one.office or say("groups.no_office", lang),
                "data": one.data,
                "group": labels[one.group],
                "due": format_date(one.due_on, lang) if one.due_on else say("groups.no_day", lang),
            }
            for one in waiting
        ],
        "members": [
            say(
                "groups.members_line",
                lang,
                group=labels[m.group],
                lead=m.lead or say("groups.no_office", lang),
                members=", ".join(m.members) or "–",
            )
            for m in groups.members
        ],
        "standards": [_standard(assessment, one, labels, lang) for one in groups.agreed],
        "exists": groups.exists,
    }


def _standard(assessment: Assessment, one: Agreed, labels: Mapping[str, str], lang: Language) -> str:
    whole = one.value.is_integer()
    return say(
        "groups.standard",
        lang,
        service=assessment.catalogue.services[one.service].label(lang),
        mode=say(f"groups.mode.{one.mode}", lang),
        value=format_whole(one.value, lang) if whole else format_decimal(one.value, lang),
        unit="m" if one.mode == "walk" else "min",
        kind=say(f"groups.kind.{one.kind}", lang),
        group=f"AG {labels[one.group]}",
        day=format_date(one.agreed_on, lang),
    )
