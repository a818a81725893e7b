"""Fuzzing: wrong methods, bytes, bodies and headers, around valid fields and cookies."""

import json
import uuid
from urllib.parse import quote

from tests.faults.patient import HOST

METHODS = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "GE T",
    "",
]
# fmt: off
BYTES = [
    b"\0", b"%00", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"%ed%a0%80", b"%ff", b"%", b"%zz", b"\r\n", b"\n",
    "\ud800".encode("utf-8", "surrogatepass"), "\u202e".encode(), "😀".encode(), b"../" * 40, b"%2e%2e/" * 20,
    b"{{7*7}}", b"'", b'"', b"\\", b"<script>", b"${jndi:ldap://x}", b"%s%n", b"1" * 5000, b"-1", b"9" * 40, b"1e999",
    b"NaN", b"\t", b"\x7f",
]
FIELDS = [
    "key", "topic", "email", "name", "skin_problem", "question", "code", "reference", "text", "photos",
    "remove_photo", "gut_symptoms", "consent", "for_whom", "age_group", "login", "password", "credential", "next",
    "q", "condition", "certainty", "page", "purpose", "file", "number", "helpful", "format", "callback",
    "mainSearchCriteria.v.c", "mainSearchCriteria.v.cs",
]
HEADERS = [
    "Cookie", "Referer", "Range", "Accept-Encoding", "Accept-Language", "If-Modified-Since", "If-None-Match",
    "X-Forwarded-For", "Accept", "Host", "Content-Length", "Transfer-Encoding", "Expect", "Origin", "User-Agent",
    "X-Long", "Sec-Fetch-Site", "Authorization", "X-CSRFToken", "X_Under", "Upgrade", "X-Requested-With",
]
# fmt: on
FORM = "application/x-www-form-urlencoded"
TYPES = [
    FORM,
    f"{FORM}; charset=utf-16",
    f"{FORM}; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=b",
    f"{FORM}; charset*=utf-8''hex",
    f"{FORM}; charset*0=he; charset*1=x",
    "multipart/form-data; boundary=b; charset*0*=utf-8''hex",
    "multipart/form-data; boundary=b; charset*; charset*0",
    "multipart/form-data; boundary=" + "b" * 300,
    'multipart/form-data; boundary="\x01"',
    "application/json",
    "text/xml",
    "application/octet-stream",
    "garbage",
    "; ;;",
    "",
]


def a_request(dice, addresses, visitor, client) -> bytes:
    """A random request. `visitor` is a Patient and a token, `client` the number of the thread."""
    patient, token = visitor
    method = dice.choice(METHODS) if dice.random() < 0.3 else dice.choice(["GET", "POST", "POST"])
    path = dice.choice(addresses).encode()
    if dice.random() < 0.5:
        path += b"?" * (b"?" not in path) + b"&" + dice.choice(FIELDS).encode() + b"=" + rubbish(dice)
    if dice.random() < 0.15:
        path = path.rstrip(b"/") + b"/" + rubbish(dice) + b"/"
    if dice.random() < 0.02:
        path = b"/" + b"a" * dice.choice([4000, 9000, 70_000])
    content_type, body = a_body(dice, token) if method != "GET" or dice.random() < 0.1 else ("", b"")
    headers = {
        b"Host": HOST.encode(),
        b"X-Forwarded-Proto": b"https",
        b"X-Forwarded-For": f"10.{200 + client}.{dice.randrange(256)}.{dice.randrange(256)}".encode(),
        b"Referer": f"https://{HOST}/".encode(),
        b"Cookie": "; ".join(f"{name}={value}" for name, value in patient.cookies.items()).encode(),
        b"Connection": b"close",
    }
    if body or method == "POST":
        headers[b"Content-Type"] = content_type.encode("latin-1", "replace")
        headers[b"Content-Length"] = str(len(body)).encode()
    if dice.random() < 0.35:
        spoil(dice, headers)
    head = b" ".join(
        [method.encode(), path, dice.choice([b"HTTP/1.1"] * 20 + [b"HTTP/1.0", b"HTTP/9.9", b"HTTP", b""])]
    )
    return head + b"\r\n" + b"".join(name + b": " + value + b"\r\n" for name, value in headers.items()) + b"\r\n" + body


def rubbish(dice) -> bytes:
    made = dice.choice(BYTES)
    return dice.choice([made, made * 3, b"a" + made + b"b", quote(made).encode(), quote(made).encode()])


def a_body(dice, token):
    content_type = dice.choice(TYPES) if dice.random() < 0.5 else TYPES[dice.choice([0, 5])]
    fields = [(b"csrfmiddlewaretoken", dice.choice([token.encode()] * 9 + [rubbish(dice)]))]
    fields += [(dice.choice(FIELDS).encode(), rubbish(dice)) for _field in range(dice.randrange(8))]
    if dice.random() < 0.3:
        fields.append((b"key", str(uuid.UUID(int=dice.getrandbits(128))).encode()))
    shape = dice.random()
    if content_type.startswith("multipart") and shape < 0.9:
        return content_type, broken_multipart(dice, fields)
    if shape < 0.75:
        body = b"&".join(
            quote(name).encode() + b"=" + dice.choice([quote(value).encode(), value]) for name, value in fields
        )
    elif shape < 0.85:
        body = b"[" * dice.choice([10, 5000, 100_000])
    elif shape < 0.9:
        body = b"&".join(f"x{number}=1".encode() for number in range(1200))
    elif shape < 0.95:
        body = json.dumps({"a": None, "b": [1, {"c": "\ud800"}]}).encode()
    else:
        body = bytes(dice.randrange(256) for _byte in range(dice.randrange(300)))
    return content_type, body


def broken_multipart(dice, fields):
    parts = []
    for name, value in fields:
        file = dice.choice(
            [b"", b"", b'; filename="' + rubbish(dice)[:200] + b'"', b"; filename*=utf-8''%ff", b"; y*=a; y*0=b"]
        )
        extra = dice.choice(
            [b"", b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: text/plain; charset=x\r\n", b": \r\n"]
        )
        parts.append(
            b'--b\r\nContent-Disposition: form-data; name="' + name + b'"' + file + b"\r\n" + extra + b"\r\n" + value
        )
    return b"\r\n".join(parts) + dice.choice([b"\r\n--b--\r\n"] * 6 + [b"", b"\r\n--b", b"\r\n--b--", b"\r\n--c--\r\n"])


def spoil(dice, headers):
    """Makes one header wrong."""
    name = dice.choice(HEADERS).encode()
    known = [b"__Host-session=", b"__Host-csrf=", b"__Host-visit=", b"__Host-receipt=", b"messages="]
    values = {
        b"Cookie": lambda: dice.choice(known) + rubbish(dice) + b"; =; ;;" + b"a=" * 20,
        b"Range": lambda: dice.choice([b"bytes=0-0", b"bytes=9-1", b"bytes=-99999999999", b"bytes=0-,0-,0-", b"x=1"]),
        b"Content-Length": lambda: dice.choice([b"-1", b"0", b"x", b"99999999999999999999", b"+3"]),
        b"Transfer-Encoding": lambda: dice.choice([b"chunked", b"chunked, chunked", b"gzip", b"x"]),
        b"X-Long": lambda: b"x" * dice.choice([4000, 9000, 200_000]),
        b"If-Modified-Since": lambda: dice.choice(
            [b"Thu, 99 Foo 2025 99:99:99 GMT", b"Sat, 01 Jan 0000 00:00:00 GMT", b"1"]
        ),
    }
    headers[name] = values.get(name, lambda: rubbish(dice))()
