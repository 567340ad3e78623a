"""How hard a text is to read, and how two texts are compared.

English: the Flesch–Kincaid grade, a US school grade (Kincaid 1975, apps.dtic.mil/sti/citations/ADA006655).
Spanish: perspicuity after Szigriszt-Pazos, read on the INFLESZ scale, which was validated on texts for patients:
under 40 very hard, 40–55 rather hard, 55–65 ordinary, 65–80 quite easy, over 80 very easy
(Barrio-Cantalejo 2008, scielo.isciii.es/scielo.php?pid=S1137-66272008000300004). Fernández Huerta's formula
is older and without such a scale; Crawford's is for primary schools.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Index = Literal["flesch-kincaid", "szigriszt-pazos"]
LANGUAGE: dict[Index, str] = {"flesch-kincaid": "en", "szigriszt-pazos": "es"}


def measure(text: str, index: Index) -> float:
    """The index of a text: for flesch-kincaid a lower, for szigriszt-pazos a higher number is easier."""
    from textstat.textstat import textstatistics  # two seconds to import: only who measures pays

    whole = re.sub(r"\b([ap])\.\s?m\.", r"\1m", text)  # "3:30 p.m." ends no sentence
    counter = textstatistics()  # one of our own: the language of the shared one is a global
    if index == "szigriszt-pazos":
        counter.set_lang("es")
        return float(counter.szigriszt_pazos(whole))
    words, sentences = int(counter.lexicon_count(whole)), int(counter.sentence_count(whole))
    syllables = sum(english_syllables(word) for word in re.findall(r"\w[\w'’]*", whole))
    return 0.39 * words / max(sentences, 1) + 11.8 * syllables / max(words, 1) - 15.59


def english_syllables(word: str) -> int:
    """Groups of vowels, less a silent e; at least one.

    textstat fetches its English dictionary from the internet when first asked, which a hospital's machine
    refuses. On our letters this count and the CMU dictionary differ by less than one in a hundred.
    """
    word = word.lower()
    silent = re.search(r"[^aeiouyl]e$|[^aeiouy][^aeiouy]ed$", word) and not word.endswith(("ted", "ded"))
    return max(1, len(re.findall("[aeiouy]+", word)) - bool(silent))


def plain(text: str) -> str:
    """Small letters without accents: "HÍGADO" and "higado" are one word."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
