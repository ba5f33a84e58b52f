"""Two doors for gateways: the one Kannel's get-url speaks as it is, and a signed one in JSON (docs/sms.md).

Both exist only when SMS_SECRET is set, answer only the addresses of SMS_GATEWAYS, and answer a text once: its id is a
unique row. Whatever is wrong gets a sentence in plain text, never a page.
"""

import hashlib
import hmac
import json
from datetime import timedelta
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from accounts.client import client_ip
from accounts.phones import is_training, normal
from portal.sms.inbox import receive
from portal.sms.language import LONGEST, split

SIGNATURE_LASTS = timedelta(minutes=5)
LONGEST_ID, LONGEST_BODY = 80, 10_000  # characters, bytes
# What Kannel (mo-recode) makes of a text that came in UCS-2 and fits; everything else it hands over in UTF-8.
CHARSETS = {"windows-1252": "cp1252", "iso-8859-1": "latin-1"}


class Refused(Exception):
    """A text that is not taken: `status` and a sentence for whoever runs the gateway."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _refused(response: HttpResponse, refused: Refused, method: str) -> HttpResponse:
    response.status_code = refused.status
    if refused.status == 405:
        response.headers["Allow"] = method
    return response


@csrf_exempt
def kannel(request: HttpRequest) -> HttpResponse:
    """What Kannel's `get-url` asks: `dari`, `isi`, `id`, `kunci`, `charset`; the body of the answer is the text that
    goes back.

    A text that Kannel delivers twice gets an empty answer, which `omit-empty = true` does not send.
    """
    try:
        _judge_address(request)
        _judge_method(request, "GET")
        asked = _asked(request)
        if not constant_time_compare(asked.get("kunci", ""), settings.SMS_SECRET):
            raise Refused(403, "Kunci gerbang tidak cocok. Samakan `kunci` pada get-url dengan SMS_SECRET.")
        reply = _take(request, asked.get("dari"), asked.get("isi"), asked.get("id"))
    except Refused as refused:
        return _refused(_plain(str(refused)), refused, "GET")
    return _plain(reply or "")


@csrf_exempt
def signed(request: HttpRequest) -> HttpResponse:
    """`{"id": …, "from": …, "text": …}`, signed: X-Latih-Time is seconds since 1970, X-Latih-Signature the hex
    HMAC-SHA256 of "<time>.<body>" with SMS_SECRET. Answers `{"reply": …, "parts": […]}`, the parts being what fits one
    message each; null and none for a text taken before."""
    try:
        _judge_address(request)
        _judge_method(request, "POST")
        if request.content_type != "application/json":
            raise Refused(415, "Content-Type harus application/json.")
        if len(request.body) > LONGEST_BODY:
            raise Refused(413, f"Badan permintaan lebih dari {LONGEST_BODY} bita.")
        _judge_signature(request)
        try:
            message = json.loads(request.body)
        except (ValueError, RecursionError):
            raise Refused(400, "Badan permintaan bukan JSON.") from None
        if not isinstance(message, dict):
            raise Refused(400, "Badan permintaan harus satu objek JSON.")
        reply = _take(request, message.get("from"), message.get("text"), message.get("id"))
    except Refused as refused:
        return _refused(JsonResponse({"error": str(refused)}), refused, "POST")
    return JsonResponse({"reply": reply, "parts": split(reply) if reply else []})


def _asked(request: HttpRequest) -> QueryDict:
    """The query in the charset it names."""
    raw = request.META.get("QUERY_STRING", "")
    charset = CHARSETS.get(request.GET.get("charset", "").lower(), "utf-8")
    try:
        unquote_to_bytes(raw.encode("latin-1", "replace")).decode(charset)
    except UnicodeDecodeError:
        raise Refused(400, f"Isi SMS bukan {charset.upper()}. Periksa mo-recode dan charset=%C pada get-url.") from None
    return request.GET if charset == "utf-8" else QueryDict(raw, encoding=charset)


def _judge_address(request: HttpRequest) -> None:
    if not settings.SMS_SECRET:
        raise Http404
    address = ip_address(client_ip(request))
    address = getattr(address, "ipv4_mapped", None) or address
    if not any(address in network for network in _networks(tuple(settings.SMS_GATEWAYS))):
        raise Refused(403, "Alamat ini bukan gerbang SMS yang dikenal. Tambahkan pada SMS_GATEWAYS.")


@cache
def _networks(allowed: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network, strict=False) for network in allowed]


def _judge_method(request: HttpRequest, method: str) -> None:
    if request.method != method:
        raise Refused(405, f"Pintu ini hanya menerima {method}.")


def _judge_signature(request: HttpRequest) -> None:
    time, signature = request.headers.get("X-Latih-Time", ""), request.headers.get("X-Latih-Signature", "")
    if not (time.isascii() and time.isdigit() and len(time) < 12):
        raise Refused(403, "X-Latih-Time harus detik sejak 1970.")
    signed_text = time.encode() + b"." + request.body
    expected = hmac.new(settings.SMS_SECRET.encode(), signed_text, hashlib.sha256).hexdigest()
    if not constant_time_compare(signature, expected):
        raise Refused(403, "Tanda tangan tidak cocok.")
    if abs(request.now.timestamp() - int(time)) > SIGNATURE_LASTS.total_seconds():
        raise Refused(403, "Tanda tangan sudah lewat waktunya. Samakan jam kedua mesin.")


def _take(request: HttpRequest, phone: object, text: object, gateway_id: object) -> str | None:
    if not all(isinstance(value, str) for value in (phone, text, gateway_id)) or not phone or not gateway_id:
        raise Refused(400, "Nomor pengirim, isi dan id SMS harus ada dan berupa teks.")
    if len(text) > LONGEST or len(gateway_id) > LONGEST_ID or len(phone) > 30:
        raise Refused(413, f"SMS terlalu panjang: isi sampai {LONGEST} karakter, id sampai {LONGEST_ID}.")
    if any("\ud800" <= char <= "\udfff" or char == "\0" for char in phone + text + gateway_id):
        raise Refused(400, "Isi SMS bukan teks yang dapat dibaca.")
    number = normal(phone)
    if not (is_training(number) or settings.SMS_ANY_NUMBER):
        raise Refused(403, "Nomor pengirim bukan nomor latihan (0849...). Lihat SMS_ANY_NUMBER.")
    if not (number.isascii() and number.isdigit() and 8 <= len(number) <= 15):
        raise Refused(400, "Nomor pengirim tidak dapat dibaca.")
    return receive(number, text, request.now, request.today, _delivery(number, text, gateway_id))


def _delivery(phone: str, text: str, gateway_id: str) -> str:
    """What two deliveries of one text have in common. Not the id alone: two gateways, or one that was set up anew, may
    both number from 1."""
    return hashlib.sha256(json.dumps([phone, text, gateway_id]).encode()).hexdigest()
