"""The files that are kept, by their digests."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of


class FileKind(StrEnum):
    """What a file is, named as its name ends."""

    PICTURE = "jpg"
    PDF = "pdf"
    WORD = "docx"
    EXCEL = "xlsx"


class StoredFile(Base):
    """One file of the folder of evidence, however often it is used.

    ``sha256`` is that of the kept content and its place in the folder; ``small_sha256`` that of the
    thumbnail of a picture. ``likeness`` is the same for the same picture or document. Sizes are in bytes
    and pixels.
    """

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    small_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    likeness: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[FileKind] = mapped_column(enum_of(FileKind))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    added_at: Mapped[datetime]
