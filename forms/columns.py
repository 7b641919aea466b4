"""The boxes of the engine's own repeated rows: things, people, vehicles. In both languages; Welsh: unreviewed."""

from __future__ import annotations

from forms.parts import Column, ColumnType, QuestionType
from forms.text import T

C = ColumnType
DEFAULT_LIMITS = {C.TEXT: 200, C.LONG_TEXT: 500, C.REGISTRATION: 40}
# As wide as the records of a person.
_NAME_LIMIT = 35

ITEM_COLUMNS = (
    Column(
        "what",
        C.TEXT,
        T("What it was", "Beth oedd ef"),
        T("For example: a blue bicycle, a phone", "Er enghraifft: beic glas, ffôn"),
        required=True,
        limit=200,
    ),
    Column("make", C.TEXT, T("Make, if you know it", "Gwneuthuriad, os ydych yn ei wybod"), limit=60),
    Column("model", C.TEXT, T("Model, if you know it", "Model, os ydych yn ei wybod"), limit=60),
    Column(
        "value",
        C.MONEY,
        T("About how much it was worth, if you know", "Tua faint oedd ei werth, os ydych yn gwybod"),
    ),
    Column(
        "serial",
        C.TEXT,
        T("Serial or frame number, if you have it", "Rhif cyfresol neu rif ffrâm, os yw gennych"),
        limit=60,
    ),
    Column(
        "imei",
        C.IMEI,
        T("IMEI number of a phone, if you have it", "Rhif IMEI ffôn, os yw gennych"),
        T("15 numbers. They are on the box or the bill", "15 rhif. Maent ar y bocs neu'r bil"),
    ),
)
PEOPLE_COLUMNS = (
    Column("given", C.TEXT, T("First name, if you know it", "Enw cyntaf, os ydych yn ei wybod"), limit=_NAME_LIMIT),
    Column("surname", C.TEXT, T("Last name, if you know it", "Enw olaf, os ydych yn ei wybod"), limit=_NAME_LIMIT),
    Column(
        "age",
        C.TEXT,
        T("How old, or about how old", "Oed, neu oed yn fras"),
        T("For example: 34, or about 20", "Er enghraifft: 34, neu tua 20"),
        limit=40,
    ),
    Column(
        "description",
        C.LONG_TEXT,
        T("What they look like, or who they are to you", "Sut olwg sydd arnynt, neu pwy ydynt i chi"),
        limit=2000,
    ),
    Column(
        "contact",
        C.TEXT,
        T("How we can reach them, if you know", "Sut y gallwn eu cyrraedd, os ydych yn gwybod"),
        T("A phone number, an email or an address", "Rhif ffôn, e-bost neu gyfeiriad"),
        limit=300,
    ),
)
VEHICLE_COLUMNS = (
    Column(
        "registration",
        C.REGISTRATION,
        T("Number plate, or the part you know", "Plât rhif, neu'r rhan a wyddoch"),
        T("For example: AB12 CDE", "Er enghraifft: AB12 CDE"),
        limit=40,
    ),
    Column("make", C.TEXT, T("Make", "Gwneuthuriad"), T("For example: Ford", "Er enghraifft: Ford"), limit=60),
    Column("model", C.TEXT, T("Model", "Model"), T("For example: Fiesta", "Er enghraifft: Fiesta"), limit=60),
    Column("colour", C.TEXT, T("Colour", "Lliw"), limit=60),
    Column(
        "description",
        C.LONG_TEXT,
        T("Anything else about it", "Unrhyw beth arall amdano"),
        T("For example: damage, stickers, where it went", "Er enghraifft: difrod, sticeri, i ble yr aeth"),
        limit=500,
    ),
)
OWN_COLUMNS: dict[QuestionType, tuple[Column, ...]] = {
    QuestionType.ITEMS: ITEM_COLUMNS,
    QuestionType.PEOPLE: PEOPLE_COLUMNS,
    QuestionType.VEHICLES: VEHICLE_COLUMNS,
}
EACH = {
    QuestionType.ITEMS: T("Thing", "Peth"),
    QuestionType.PEOPLE: T("Person", "Person"),
    QuestionType.VEHICLES: T("Vehicle", "Cerbyd"),
    QuestionType.ROWS: T("Entry", "Cofnod"),
}
