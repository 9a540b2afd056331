# -*- coding: utf-8 -*-
"""Writes records.jsonl: events of a web shop that does not exist, one JSON object a line.

    python generate.py [FILE [COUNT [KIND]]]

KIND is "events", or "articles": long texts, few of them English, with many floats.

The output depends on nothing but COUNT, KIND and this file: Python 2.7, Jython and Python 3
write the same bytes. That is why it has its own random numbers, builds floats from
digits instead of formatting doubles, and writes the JSON itself; the last also gives
what a standard writer would not: raw UTF-8 beside \\uXXXX escapes, spaces in some
records and none in others, exponents, and numbers beyond 64 bits.
"""
from __future__ import print_function, unicode_literals

import io
import os
import sys

COUNT = 12000
SEED = 20270401


class Random(object):
    """A 64-bit linear congruential generator; its upper bits are the result."""

    def __init__(self, seed):
        self._state = seed

    def bits(self):
        """An int of 31 bits."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return self._state >> 33

    def below(self, limit):
        return self.bits() % limit

    def between(self, low, high):
        """An int, both ends included."""
        return low + self.below(high - low + 1)

    def one_in(self, n):
        return self.below(n) == 0

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def digits(self, count):
        """A string of decimal digits, the first of them not zero."""
        text = "%d" % self.between(1, 9)
        while len(text) < count:
            text += "%d" % self.below(10)
        return text


class Writer(object):
    """Turns values into JSON text in the style of one of several imagined producers."""

    def __init__(self, random):
        spaced = random.one_in(4)
        self._comma = ", " if spaced else ","
        self._colon = ": " if spaced else ":"
        self._escape_all = random.one_in(4)
        self._escape_slash = random.one_in(5)

    def text(self, value):
        value = value.replace("\\", "\\\\").replace('"', '\\"')
        value = value.replace("\n", "\\n").replace("\t", "\\t")
        if self._escape_slash:
            value = value.replace("/", "\\/")
        if self._escape_all:
            value = self._escaped(value)
        return '"' + value + '"'

    @staticmethod
    def _escaped(value):
        # By way of UTF-16, which has the surrogate pairs that JSON wants, and the same
        # way on Pythons whose strings count characters differently.
        data = bytearray(value.encode("utf-16-be"))
        pieces = []
        for i in range(0, len(data), 2):
            unit = data[i] * 256 + data[i + 1]
            pieces.append(chr(unit) if unit < 128 else "\\u%04x" % unit)
        return "".join(pieces)

    def object(self, *members):
        """From (key, JSON text) pairs."""
        pairs = [self.text(key) + self._colon + value for key, value in members]
        return "{" + self._comma.join(pairs) + "}"

    def array(self, values):
        return "[" + self._comma.join(values) + "]"


# (given names, family names) of made-up customers, by script
NAMES = [
    (["Ada", "Björn", "Chloé", "Dušan", "Esperança", "Fiadh", "Gökçe", "Håkon", "Iñaki", "Łucja"],
     ["Ångström-Vale", "Brontë-Okoro", "Çelikdal", "Førland", "Garçonnet", "Müllerwald",
      "Núñez del Río", "O'Tierney", "Škvorová", "Þorvarsson"]),
    (["Ελπίδα", "Θάλεια", "Νικηφόρος", "Στέλιος"], ["Αμπελάκης", "Γεωργάτου", "Παλιούρα"]),
    (["Богдана", "Всеволод", "Ганна", "Їжа", "Юлия"], ["Берёзкин", "Дубровко", "Щукарёва"]),
    (["أمينة", "يوسف", "ليلى"], ["النجار", "الزيتوني"]),
    (["נועה", "איתמר", "תמר"], ["בן-ארזים", "גולדפלד"]),
    (["अनन्या", "रोहन", "मीरा"], ["शर्माल", "वर्धन"]),
    (["小雨", "子涵", "文博"], ["欧阳", "林", "赵"]),
    (["さくら", "ハルト", "美月"], ["青木原", "高梨", "三日月"]),
    (["서연", "민준", "하은"], ["김", "남궁", "박"]),
    (["มะลิ", "ธนา"], ["ใจดีงาม", "สุขสันต์"]),
]

CITIES = [
    ("Zürich", "CH"), ("São Tomé do Vale", "BR"), ("Kraków", "PL"), ("Reykjavík", "IS"),
    ("Θεσσαλονίκη", "GR"), ("Київ", "UA"), ("القاهرة", "EG"), ("חיפה", "IL"), ("पुणे", "IN"),
    ("成都", "CN"), ("札幌", "JP"), ("부산", "KR"), ("เชียงใหม่", "TH"), ("Springfield", "US"),
]

STREETS = ["Mill Lane", "Rue des Érables", "Gartenstraße", "Calle del Olmo", "Üçpınar Sokak",
           "桜通り", "улица Садовая", "1/2 Harbour Row"]

PRODUCTS = [
    "Kettle, 1.7 l, \"quiet\"", "Teapot \u2615", "Notebook A5 \u2014 dotted", "Desk lamp 60\u2033",
    "Chaise pliante", "Wollsocken 3er-Pack", "抹茶セット", "Матрёшка, 7 шт.", "Σαπούνι ελιάς",
    "Bicycle bell \U0001F6B2", "Cactus \U0001F335 (small)", "Umbrella \u2602\uFE0F",
    "Puzzle \U0001F9E9 1000", "USB-C cable 2\u00A0m", "C:\\ mug for programmers",
    "Family board game \U0001F468\u200D\U0001F469\u200D\U0001F467", "Tomato seeds \u00BD oz",
]

TAGS = ["new", "sale", "eco", "gift", "fragile", "último", "限定", "\u2744 winter", "b/w"]

OPINIONS = [
    "Arrived on time.\nWould buy again \U0001F600",
    "The box said \"fragile\" and the courier read \"football\".",
    "Très joli, mais la couleur est plutôt bleue que verte \U0001F499\U0001F49A",
    "Пришло быстро, спасибо!\tУпаковка хорошая.",
    "とても気に入りました。また注文します \U0001F647",
    "5/5 \u2605\u2605\u2605\u2605\u2605 \u2014 my cat \U0001F408 agrees",
    "Zu klein. Größe 42 fällt wie 40 aus\u2026",
    "Path on the label was C:\\temp\\new\\label.txt",
    "جميل جدا", "很好，下次还会再来。", "", "ok",
]

QUERIES = ["teapot", "чайник", "やかん", "théière en fonte", "\U0001F335", "mug \"large\"",
           "lamp & shade <white>", "socken größe 39\u201342", "50% off", "a/b test"]

CLIENTS = ["ShopApp/4.2 (handheld; rev 17)", "ShopApp/4.3 (tablet; rev 2)",
          "Browser/108.0 (desktop)", "Kiosk/1.0", "PriceBot/0.9 (+https://bot.example/info)"]


def integer(value):
    return "%d" % value


def boolean(value):
    return "true" if value else "false"


def money(random, limit):
    """An amount with two decimals, as shops write it: 7.50, not 7.5."""
    return "%d.%02d" % (random.below(limit), random.below(100))


def coordinate(random, limit):
    sign = "-" if random.one_in(2) else ""
    return "%s%d.%06d" % (sign, random.below(limit), random.below(1000000))


def moment(random):
    return "2031-%02d-%02dT%02d:%02d:%02d.%03dZ" % (
        random.between(1, 12), random.between(1, 28), random.below(24), random.below(60),
        random.below(60), random.below(1000))


def maybe(random, n, value):
    """`value`, but null once in n times."""
    return "null" if random.one_in(n) else value


def customer(random, w):
    given, family = random.pick(NAMES)
    city, country = random.pick(CITIES)
    number = random.between(1000, 99999999)
    return w.object(
        ("id", integer(number)),
        ("name", w.text(random.pick(given) + " " + random.pick(family))),
        ("email", w.text("customer%d@mail.example" % number)),
        ("vip", boolean(random.one_in(7))),
        ("address", w.object(
            ("street", w.text("%s %d" % (random.pick(STREETS), random.between(1, 240)))),
            ("city", w.text(city)),
            ("country", w.text(country)),
            ("location", maybe(random, 3, w.array(
                [coordinate(random, 90), coordinate(random, 180)]))))))


def item(random, w):
    return w.object(
        ("sku", w.text("SKU-%s" % random.digits(7))),
        ("title", w.text(random.pick(PRODUCTS))),
        ("quantity", integer(random.between(1, 9))),
        ("price", money(random, 300)),
        ("discount", maybe(random, 2, "0.%02d" % random.between(1, 60))),
        ("tags", w.array([w.text(random.pick(TAGS)) for _ in range(random.below(4))])))


def order(random, w):
    return [
        ("customer", customer(random, w)),
        ("items", w.array([item(random, w) for _ in range(random.between(1, 3))])),
        ("total", money(random, 2000)),
        ("currency", w.text(random.pick(["EUR", "USD", "JPY", "CHF", "INR"]))),
        ("payment", w.object(
            ("method", w.text(random.pick(["card", "transfer", "voucher", "cash"]))),
            ("authorised", boolean(not random.one_in(12))),
            ("fingerprint", random.digits(random.between(24, 39))))),
        ("notes", maybe(random, 2, w.text(random.pick(OPINIONS)))),
        ("attributes", w.object()),
    ]


def page_view(random, w):
    timings = [(name, random.digits(random.between(1, 3)) + "." + random.digits(13))
               for name in ("connect", "first_byte", "render")]
    return [
        ("visitor", random.digits(20)),
        ("path", w.text("/shop/%s?page=%d" % (random.pick(["tea", "lamps", "garden", "größen"]),
                                              random.between(1, 40)))),
        ("referrer", maybe(random, 2, w.text("https://search.example/?q=%d" % random.below(999)))),
        ("client", w.text(random.pick(CLIENTS))),
        ("viewport", w.array([integer(random.between(320, 3840)),
                              integer(random.between(480, 2160))])),
        ("timings_ms", w.object(*timings)),
        ("experiments", w.object() if random.one_in(2) else w.object(("checkout", w.text("B")))),
        ("bounced", boolean(random.one_in(3))),
    ]


def review(random, w):
    return [
        ("product", w.text(random.pick(PRODUCTS))),
        ("author", customer(random, w)),
        ("stars", random.pick(["1", "2", "3", "3.5", "4", "4.5", "5", "5.0"])),
        ("text", w.text(random.pick(OPINIONS))),
        ("photos", w.array([])),
        ("helpful", w.array([integer(random.below(50)), integer(random.below(50))])),
        ("sentiment", "%s0.%s" % (random.pick(["", "-"]), random.digits(16))),
    ]


def stock(random, w):
    levels = [w.array([integer(random.between(-5, 400)) for _ in range(random.between(0, 6))])
              for _ in range(random.between(0, 4))]
    return [
        ("warehouse", w.text(random.pick(CITIES)[0])),
        ("sku", w.text("SKU-%s" % random.digits(7))),
        ("levels", w.array(levels)),
        ("delta", integer(random.between(-900, 900))),
        ("unit_weight_kg", "%s.%se-%02d" % (random.digits(1), random.digits(5),
                                            random.between(1, 4))),
        ("radiation_bq", "%s.%sE+%d" % (random.digits(1), random.digits(2),
                                        random.between(0, 3))),
        ("serials", w.array([random.digits(random.between(9, 22))
                             for _ in range(random.below(5))])),
        ("counted", maybe(random, 4, boolean(random.one_in(2)))),
    ]


def search(random, w):
    filters = [("max_price", money(random, 500)), ("in_stock", boolean(random.one_in(2)))]
    return [
        ("query", w.text(random.pick(QUERIES))),
        ("filters", w.object(*filters[:random.below(3)])),
        ("hits", w.array([integer(random.between(1, 99999)) for _ in range(random.below(12))])),
        ("scores", w.array(["0." + random.digits(random.between(2, 9))
                            for _ in range(random.below(6))])),
        ("corrected", maybe(random, 2, w.text(random.pick(QUERIES)))),
    ]


KINDS = [("order", order), ("page_view", page_view), ("page_view", page_view), ("review", review),
         ("stock", stock), ("search", search), ("search", search)]


def record(random, number):
    w = Writer(random)
    name, members = random.pick(KINDS)
    # An id beyond 53 bits, as services that put the time into it hand out.
    head = [("id", integer(1900000000000000000 + number * 4194304 + random.below(4194304))),
            ("kind", w.text(name)),
            ("time", w.text(moment(random)))]
    return w.object(*(head + members(random, w)))


def score(random):
    """A float as a computer writes it, or as people do."""
    if random.one_in(3):
        return money(random, 1000)
    sign = "-" if random.one_in(2) else ""
    return sign + random.pick(["0.", "0.0", "1.", "37."]) + random.digits(random.between(14, 16))


def article(random, number):
    w = Writer(random)
    words = [random.pick(random.pick(NAMES)[0]) if random.one_in(2) else random.pick(OPINIONS)
             for _ in range(random.between(10, 60))]
    return w.object(
        ("id", integer(number)),
        ("city", w.text(random.pick(CITIES)[0])),
        ("title", w.text(" ".join(words[:4]))),
        ("body", w.text(" ".join(words))),
        ("embedding", w.array([score(random) for _ in range(random.between(20, 80))])))


def generate(path, count, write=record):
    random = Random(SEED)
    with io.open(path, "wb") as out:
        for number in range(count):
            out.write(write(random, number).encode("utf-8") + b"\n")


def main(arguments):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "records.jsonl")
    if len(arguments) > 0:
        path = arguments[0]
    count = int(arguments[1]) if len(arguments) > 1 else COUNT
    kind = arguments[2] if len(arguments) > 2 else "events"
    generate(path, count, {"events": record, "articles": article}[kind])
    print("%d records, %d bytes: %s" % (count, os.path.getsize(path), os.path.basename(path)))


if __name__ == "__main__":
    main(sys.argv[1:])
