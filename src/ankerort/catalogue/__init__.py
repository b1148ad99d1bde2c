"""WHAT ONE NEEDS: services, standards, demand groups, rates; data files and typed records."""

from ankerort.catalogue.calendar import (
    is_public_holiday,
    is_school_day,
    public_holiday_name,
    school_holiday,
    school_holidays_known,
)
from ankerort.catalogue.groups import group_persons
from ankerort.catalogue.reader import copy_catalogue, read_catalogue
from ankerort.catalogue.status import standard_status, value_text
from ankerort.catalogue.tag_matcher import TagMatcher

__all__ = [
    "TagMatcher",
    "copy_catalogue",
    "group_persons",
    "is_public_holiday",
    "is_school_day",
    "public_holiday_name",
    "read_catalogue",
    "school_holiday",
    "school_holidays_known",
    "standard_status",
    "value_text",
]
