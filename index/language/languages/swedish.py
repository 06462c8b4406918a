"""Swedish."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="sv", name="Swedish", stemmer="swedish", stop_list="swedish")
