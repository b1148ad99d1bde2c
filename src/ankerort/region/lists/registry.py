"""The lists that need more than a mapping of columns, by the name of their preset."""

from __future__ import annotations

from collections.abc import Mapping

from ankerort.region.lists.care import read_care_providers
from ankerort.region.lists.charging import read_charging_register
from ankerort.region.lists.childcare import read_childcare
from ankerort.region.lists.common import ListReader
from ankerort.region.lists.districts import read_school_districts
from ankerort.region.lists.doctors import read_doctors
from ankerort.region.lists.fire import read_fire_plan
from ankerort.region.lists.school_register import read_school_register
from ankerort.region.lists.schools import read_school_plan
from ankerort.region.lists.stops import read_transport_stops

LIST_READERS: Mapping[str, ListReader] = {
    "care_providers": read_care_providers,
    "charging_register": read_charging_register,
    "childcare_plan": read_childcare,
    "doctors_list": read_doctors,
    "jedeschule": read_school_register,
    "fire_plan": read_fire_plan,
    "school_districts": read_school_districts,
    "school_plan": read_school_plan,
    "transport_stops": read_transport_stops,
}
