"""Pages of periods and due dates."""

from tracker.features.periods.pages.due_dates import due_dates_page
from tracker.features.periods.pages.periods import first_period_form, period_page, periods_page
from tracker.features.periods.pages.words import first_period_words

__all__ = ["due_dates_page", "first_period_form", "first_period_words", "period_page", "periods_page"]
