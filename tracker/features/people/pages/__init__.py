"""What the pages about users show."""

from tracker.features.people.pages.listing import ListPage, PageLinks, list_page, read_question
from tracker.features.people.pages.person import PersonForms, PersonPage, SlipPage, person_page, slip_page
from tracker.features.people.pages.rights import RightsPage, page_places, rights_page
from tracker.features.people.pages.rosters import RosterPage, roster_page

__all__ = [
    "ListPage",
    "PageLinks",
    "PersonForms",
    "PersonPage",
    "RightsPage",
    "RosterPage",
    "SlipPage",
    "list_page",
    "page_places",
    "person_page",
    "read_question",
    "rights_page",
    "roster_page",
    "slip_page",
]
