"""Pages of upkeep and settings, and the line that reminds of a backup."""

from tracker.features.upkeep.views.backups import bp as upkeep_bp
from tracker.features.upkeep.views.notice import init_notice
from tracker.features.upkeep.views.settings import bp as settings_bp

__all__ = ["init_notice", "settings_bp", "upkeep_bp"]
