"""Texts that do not say in which code page they are: what names become."""

import re

import pytest

from adapters.files.codepages import WESTERN, code_page, other_page
from adapters.files.recognising import recognise

TEXTS = {
    "cp1250": (
        "Małgorzata Żak;Poniedziałek;Środa;Język polski",
        "Jiří Dvořák;Pondělí;Tělesná výchova;Čtvrtek;Pátek",
        "Kovács Zoltán;hétfő;történelem;csütörtök;űrhajó",
        "Ştefan;Marţi;Română;limbă",
        "Željko Đurić;četvrtak;matematika;Šimić",
        "Ľubomír Štúr;Streda;Slovenský jazyk;Študent;Vĺča",
    ),
    "cp1251": (
        "Иванов Иван;Понедельник;математика",
        "Шевченко Тарас;Вівторок;Українська мова",  # noqa: RUF001
        "ИВАНОВ;ПЕТРОВА",
        "Петър;четвъртък;физика",
    ),
    "cp1252": (
        "Müller;Größe;Fö-3",
        "Élève;Français;Créneau;Éducation",
        "Peña;Miércoles;Educación;1ª SESION",
        "João;Terça;Português;Educação",
        "lunedì;perché;città;virtù",
        "Åsa;Lördag;Öberg",
        "Jørgensen;Søndag;Håkon;Bjørn",
        "Müller;Zoë;André;Größe;Éva",
        "Señor Müller;Çetin;Søren",
        "Mercè Puigdomènech;Núria Bòria;Raül;Dilluns;Català",
        "Kõiv;Tõnu;Õpetaja;kolmapäev;Jüri",
    ),
    "cp1253": ("Παπαδόπουλος Γιώργος;Δευτέρα;Μαθηματικά",),
    "cp1254": ("Ayşe Yılmaz;Salı;Türkçe;Çarşamba;İngilizce;Öğretmen",),  # noqa: RUF001
    "cp1255": ("כהן דוד;יום ראשון;מתמטיקה",),
    "cp1256": ("محمد علي;الأحد;الرياضيات;العربية",),
    "cp1257": (
        "Jonas Šimkūnas;Pirmadienis;Lietuvių kalba;šeštadienis",
        "Jānis Bērziņš;Otrdiena;Latviešu valoda;Mājturība",
    ),
}


@pytest.mark.parametrize(
    ("page", "text"), [(page, text) for page, texts in TEXTS.items() for text in texts]
)
def test_the_letters_tell_the_code_page(page: str, text: str) -> None:
    assert code_page(text.encode(page)) == page


@pytest.mark.parametrize("text", [b"", b"Ana;Mon;1", b"\xe9", b"\xe8\xe8", b"a\x81b"])
def test_what_is_not_clear_is_western(text: bytes) -> None:
    assert code_page(text) == WESTERN


@pytest.mark.parametrize(
    ("page", "name", "notes"),
    [("cp1251", "Иванова", 1), ("cp1250", "Żółkiewska", 1), ("cp1252", "Müller", 0)],
)
def test_tables_and_untis_files_have_their_names_right_and_the_guess_is_told(
    page: str, name: str, notes: int
) -> None:
    table = recognise(f"Teacher,Day,Period\n{name},Mon,1\n".encode(page))
    untis = recognise(f'1;"4a";"{name}";"";"";1;1;;\r\n'.encode(page))
    for grid in (table, untis):
        assert list(grid.lessons) == [name]
        assert len(grid.notes) == notes
        assert all(page.replace("cp", "windows-") in note for note in grid.notes)
    assert recognise(f"Teacher,Day,Period\n{name},Mon,1\n".encode()).notes == ()


@pytest.mark.parametrize(
    ("page", "text"), [(page, text) for page, texts in TEXTS.items() for text in texts]
)
def test_a_page_that_is_declared_and_may_be_true_is_believed(page: str, text: str) -> None:
    data = text.encode(page)
    assert other_page(data, page) is None
    assert all(other_page(word, page) is None for word in re.findall(rb"[^; ]+", data))
