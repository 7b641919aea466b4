"""The default words of the engine in both languages: one table of faults, one of phrases. Welsh: unreviewed.

A question's own ``errors`` come first; then (type, code); then (None, code). Braces are filled from the fault.
"""

from __future__ import annotations

from forms.parts import QuestionType, Review
from forms.text import T

Q = QuestionType

REVIEW = Review(owner="Head of digital contact", source="written for this project")
"""Who has read these words, the reasons and the answers' wordings: nobody yet (engineering 35)."""

FAULTS: dict[tuple[QuestionType | None, str], T] = {
    (None, "required"): T("Answer this question", "Atebwch y cwestiwn hwn"),
    (Q.CHOICE, "required"): T("Choose one answer", "Dewiswch un ateb"),
    (Q.CHOICES, "required"): T("Choose at least one answer", "Dewiswch o leiaf un ateb"),
    (Q.YES_NO, "required"): T("Choose yes or no", "Dewiswch ie neu na"),
    (Q.YES_NO_NOT_SURE, "required"): T("Choose yes, no or not sure", "Dewiswch ie, na neu ddim yn siŵr"),
    (Q.DATE, "required"): T("Enter a date, like 27 3 2026", "Rhowch ddyddiad, fel 27 3 2026"),
    (Q.WHEN, "required"): T(
        "Choose how well you know when it happened", "Dewiswch pa mor dda y gwyddoch pryd y digwyddodd"
    ),
    (Q.NAME, "required"): T("Enter a name", "Rhowch enw"),
    (Q.PHONE, "required"): T("Enter a phone number", "Rhowch rif ffôn"),
    (Q.EMAIL, "required"): T("Enter an email address", "Rhowch gyfeiriad e-bost"),
    (Q.PLACE, "required"): T(
        "Enter a postcode, an address or some words that say where",
        "Rhowch god post, cyfeiriad neu eiriau sy'n dweud ble",
    ),
    (Q.SAFE_CONTACT, "required"): T(
        "Choose how it is safe to reach you, or choose that we should not contact you",
        "Dewiswch sut mae'n ddiogel cysylltu â chi, neu dewiswch na ddylem gysylltu â chi",
    ),
    (Q.ITEMS, "required"): T("Tell us at least one thing", "Dywedwch o leiaf un peth wrthym"),
    (Q.ADDRESS, "required"): T("Enter an address", "Rhowch gyfeiriad"),
    (Q.NUMBER, "required"): T("Enter a number, like 3", "Rhowch rif, fel 3"),
    (Q.WHAT3WORDS, "required"): T("Enter the three words", "Rhowch y tri gair"),
    (Q.POINT, "required"): T("Choose a point on the map", "Dewiswch bwynt ar y map"),
    (Q.PEOPLE, "required"): T("Tell us about at least one person", "Dywedwch am o leiaf un person"),
    (Q.VEHICLES, "required"): T("Tell us about at least one vehicle", "Dywedwch am o leiaf un cerbyd"),
    (Q.ROWS, "required"): T("Fill in at least one", "Llenwch o leiaf un"),
    (None, "not_an_option"): T("Choose one of the answers in the list", "Dewiswch un o'r atebion yn y rhestr"),
    (None, "exclusive"): T(
        "Choose either “{option}” or the other answers, not both",
        "Dewiswch naill ai “{option}” neu'r atebion eraill, nid y ddau",
    ),
    (None, "too_long"): T(
        "Use {limit} characters or fewer. You have written {count}, which is {over} too many",
        "Defnyddiwch {limit} nod neu lai. Rydych wedi ysgrifennu {count}, sef {over} yn ormod",
    ),
    (None, "no_such_date"): T(
        "There is no such date. Check the day and the month", "Nid oes dyddiad o'r fath. Gwiriwch y diwrnod a'r mis"
    ),
    (None, "date_incomplete"): T(
        "The date needs a day, a month and a year", "Mae angen diwrnod, mis a blwyddyn ar y dyddiad"
    ),
    (None, "date_not_numbers"): T(
        "Write the date in numbers, like 27 3 2026", "Ysgrifennwch y dyddiad mewn rhifau, fel 27 3 2026"
    ),
    (None, "year_short"): T(
        "Write the year in four numbers, like 2026", "Ysgrifennwch y flwyddyn mewn pedwar rhif, fel 2026"
    ),
    (None, "in_future"): T(
        "That date is still to come. Enter today or a day before",
        "Mae'r dyddiad hwnnw eto i ddod. Rhowch heddiw neu ddiwrnod cynt",
    ),
    (None, "time_in_future"): T(
        "That time is still to come. Check the time", "Mae'r amser hwnnw eto i ddod. Gwiriwch yr amser"
    ),
    (None, "too_long_ago"): T(
        "That year is too long ago. Enter a year after {year}",
        "Mae'r flwyddyn honno yn rhy bell yn ôl. Rhowch flwyddyn ar ôl {year}",
    ),
    (None, "no_such_time"): T("Write the time like 2:30pm or 14:30", "Ysgrifennwch yr amser fel 2:30pm neu 14:30"),
    (None, "time_without_date"): T("Enter the date as well as the time", "Rhowch y dyddiad yn ogystal â'r amser"),
    (None, "end_before_start"): T(
        "The end is before the start. Check both", "Mae'r diwedd cyn y dechrau. Gwiriwch y ddau"
    ),
    (None, "not_a_phone"): T(
        "Enter a phone number, like 07700 900 982 or 01632 960 001",
        "Rhowch rif ffôn, fel 07700 900 982 neu 01632 960 001",
    ),
    (None, "not_an_email"): T(
        "Enter an email address, like name@example.org", "Rhowch gyfeiriad e-bost, fel enw@example.org"
    ),
    (None, "not_a_postcode"): T(
        "That is not a postcode. Write one like SW1A 2AA, or leave it empty and use words",
        "Nid cod post yw hwnna. Ysgrifennwch un fel SW1A 2AA, neu gadewch ef yn wag a defnyddiwch eiriau",
    ),
    (None, "half_a_postcode"): T(
        "That is only half a postcode. Write all of it, like SW1A 2AA. If you do not know it, use words too",
        "Dim ond hanner cod post yw hwnna. Ysgrifennwch y cyfan, fel SW1A 2AA. Os na wyddoch, defnyddiwch eiriau hefyd",
    ),
    (None, "address_missing"): T("Enter the address we should write to", "Rhowch y cyfeiriad i ni ysgrifennu ato"),
    (None, "what_missing"): T("Say what it was", "Dywedwch beth oedd ef"),
    (None, "not_money"): T("Write the value in pounds, like 250", "Ysgrifennwch y gwerth mewn punnoedd, fel 250"),
    (None, "line1_missing"): T(
        "Enter the first line of the address, like 12 High Street",
        "Rhowch linell gyntaf y cyfeiriad, fel 12 Stryd Fawr",
    ),
    (Q.ADDRESS, "not_a_postcode"): T(
        "That is not a UK postcode. For an address abroad, leave this empty and write the code after the town",
        "Nid cod post yn y DU yw hwnna. Am gyfeiriad tramor, gadewch hwn yn wag ac ysgrifennwch y cod ar ôl y dref",
    ),
    (Q.ADDRESS, "half_a_postcode"): T(
        "That is only half a postcode. Write all of it, like SW1A 2AA, or leave it empty",
        "Dim ond hanner cod post yw hwnna. Ysgrifennwch y cyfan, fel SW1A 2AA, neu gadewch ef yn wag",
    ),
    (None, "not_a_number"): T("Write a whole number, like 3", "Ysgrifennwch rif cyfan, fel 3"),
    (None, "too_small"): T("Enter {minimum} or more", "Rhowch {minimum} neu fwy"),
    (None, "too_big"): T("Enter {maximum} or less", "Rhowch {maximum} neu lai"),
    (None, "not_three_words"): T(
        "Write the three words with dots between them, like filled.count.soap",
        "Ysgrifennwch y tri gair gyda dotiau rhyngddynt, fel filled.count.soap",
    ),
    (None, "not_a_point"): T(
        "Write the point as two numbers, like 51.50135 and -0.14189",
        "Ysgrifennwch y pwynt fel dau rif, fel 51.50135 a -0.14189",
    ),
    (None, "half_a_point"): T(
        "A point needs both numbers: how far north, and how far east or west",
        "Mae angen y ddau rif ar bwynt: pa mor bell i'r gogledd, a pha mor bell i'r dwyrain neu'r gorllewin",
    ),
    (None, "not_in_the_uk"): T(
        "That point is not in the United Kingdom. Check both numbers, or choose it on the map",
        "Nid yw'r pwynt hwnnw yn y Deyrnas Unedig. Gwiriwch y ddau rif, neu dewiswch ef ar y map",
    ),
    (None, "not_an_imei"): T(
        "That IMEI number is not right. It has 15 numbers. Check it, or leave it empty",
        "Nid yw'r rhif IMEI hwnnw yn iawn. Mae ganddo 15 rhif. Gwiriwch ef, neu gadewch ef yn wag",
    ),
    (None, "not_a_whole_postcode"): T(
        "Write all of the postcode, like SW1A 2AA", "Ysgrifennwch y cod post cyfan, fel SW1A 2AA"
    ),
    (None, "refused"): T("{reason}", "{reason}"),
    (None, "too_few"): T("Fill in {least} of these", "Llenwch {least} o'r rhain"),
    (None, "not_all_chosen"): T("Tick every line to go on", "Ticiwch bob llinell i fynd ymlaen"),
    (None, "too_young"): T("You must be {years} or older", "Rhaid i chi fod yn {years} neu'n hŷn"),
    (None, "too_old"): T("Check the year", "Gwiriwch y flwyddyn"),
    (None, "before_day"): T(
        "That is too early. Enter {day} or a later day", "Mae hynny'n rhy gynnar. Rhowch {day} neu ddiwrnod wedyn"
    ),
    (None, "after_day"): T(
        "That is too late. Enter {day} or an earlier day", "Mae hynny'n rhy hwyr. Rhowch {day} neu ddiwrnod cynt"
    ),
    (None, "not_the_name"): T(
        "Type your name as you gave it before: {name}", "Teipiwch eich enw fel y rhoesoch ef o'r blaen: {name}"
    ),
    (None, "gap"): T(
        "Say where you lived from {start} to {end}. No day may be left out",
        "Dywedwch ble roeddech yn byw o {start} i {end}. Ni chaniateir gadael diwrnod allan",
    ),
    (None, "same_person"): T(
        "You gave the same person twice. Give two people", "Rhoesoch yr un person ddwywaith. Rhowch ddau berson"
    ),
    (None, "is_yourself"): T(
        "This is your own. It must be someone else's", "Eich un chi yw hwn. Rhaid iddo fod yn perthyn i rywun arall"
    ),
    (None, "other_number"): T(
        "You gave {count} here and {other} before. Both must be the same",
        "Rhoesoch {count} yma a {other} o'r blaen. Rhaid i'r ddau fod yr un fath",
    ),
    (None, "not_more"): T(
        "You gave {count} here and {other} before. There must be more here",
        "Rhoesoch {count} yma a {other} o'r blaen. Rhaid bod mwy yma",
    ),
    (None, "too_much"): T("Enter {most} or less", "Rhowch {most} neu lai"),
    (None, "column_missing"): T("Fill in “{column}”", "Llenwch “{column}”"),
    (Q.PEOPLE, "too_many"): T(
        "Tell us about {limit} people at most here. Write the rest in your own words later",
        "Dywedwch am {limit} o bobl ar y mwyaf yma. Ysgrifennwch y gweddill yn eich geiriau eich hun wedyn",
    ),
    (Q.VEHICLES, "too_many"): T(
        "Tell us about {limit} vehicles at most here. Write the rest in your own words later",
        "Dywedwch am {limit} cerbyd ar y mwyaf yma. Ysgrifennwch y gweddill yn eich geiriau eich hun wedyn",
    ),
    (Q.ROWS, "too_many"): T(
        "Fill in {limit} at most here. Write the rest in your own words later",
        "Llenwch {limit} ar y mwyaf yma. Ysgrifennwch y gweddill yn eich geiriau eich hun wedyn",
    ),
    (None, "too_many"): T(
        "Tell us about {limit} things at most here. Write the rest in your own words later",
        "Dywedwch am {limit} peth ar y mwyaf yma. Ysgrifennwch y gweddill yn eich geiriau eich hun wedyn",
    ),
}

PHRASES: dict[str, T] = {
    "yes": T("Yes", "Ie"),
    "no": T("No", "Na"),
    "not_sure": T("Not sure", "Ddim yn siŵr"),
    "not_answered": T("Not answered", "Heb ei ateb"),
    "unknown_time": T("a time not known", "amser anhysbys"),
    "date_and_time": T("{date} at {time}", "{date} am {time}"),
    "between": T("Between {start} and {end}", "Rhwng {start} a {end}"),
    "ongoing": T("It is still going on", "Mae'n dal i ddigwydd"),
    "ongoing_since": T("It is still going on. It began on {start}", "Mae'n dal i ddigwydd. Dechreuodd ar {start}"),
    "way_email": T("By email", "Drwy e-bost"),
    "way_phone": T("By phone call", "Drwy alwad ffôn"),
    "way_text": T("By text message", "Drwy neges destun"),
    "way_post": T("By letter", "Drwy lythyr"),
    "way_online": T(
        "Do not reach out to me. I will come back here to read the answer",
        "Peidiwch â chysylltu. Byddaf yn dod yn ôl yma i ddarllen yr ateb",
    ),
    "way_none": T("Do not contact me", "Peidiwch â chysylltu â mi"),
    "safe_when": T("When it is safe: {when}", "Pryd mae'n ddiogel: {when}"),
    "safe_word": T("Safe word: {word}", "Gair diogel: {word}"),
    "serial": T("number {serial}", "rhif {serial}"),
    "imei": T("IMEI {imei}", "IMEI {imei}"),
    "labelled": T("{label}: {value}", "{label}: {value}"),
    "point": T("{lat} north, {lon} east", "{lat} gogledd, {lon} dwyrain"),
    "point_west": T("{lat} north, {lon} west", "{lat} gogledd, {lon} gorllewin"),
}

_MONTH_NAMES = (
    "January/Ionawr February/Chwefror March/Mawrth April/Ebrill May/Mai June/Mehefin July/Gorffennaf August/Awst "
    "September/Medi October/Hydref November/Tachwedd December/Rhagfyr"
)
MONTHS: tuple[T, ...] = tuple(T(*pair.split("/")) for pair in _MONTH_NAMES.split())


def default_message(kind: QuestionType, code: str) -> T:
    """The engine's words for a fault; KeyError for a code that no validator gives."""
    return FAULTS.get((kind, code)) or FAULTS[(None, code)]
