"""Two doors for gateways: the one Kannel's get-url speaks as it is, and a signed one in JSON (docs/sms.md).

Both exist only when SMS_SECRET is set, answer only the addresses of SMS_GATEWAYS, and answer a text once: its id is a
unique row. Whatever is wrong gets a sentence in plain text, never a page.
"""

import hashlib
import hmac
import json
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.client import client_ip
from accounts.phones import is_training, normal
from portal.sms.inbox import receive
from portal.sms.language import LONGEST, length

SIGNATURE_LASTS = timedelta(minutes=5)
LONGEST_ID, LONGEST_BODY = 80, 10_000  # characters, bytes


class Refused(Exception):
    """A text that is not taken: `status` and a sentence for whoever runs the gateway."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


@require_GET
def kannel(request: HttpRequest) -> HttpResponse:
    """What Kannel's `get-url` asks: `dari`, `isi`, `id`, `kunci`; the body of the answer is the text that goes back.

    A text that Kannel delivers twice gets an empty answer, which `omit-empty = true` does not send.
    """
    try:
        _judge_address(request)
        if not constant_time_compare(request.GET.get("kunci", ""), settings.SMS_SECRET):
            raise Refused(403, "Kunci gerbang tidak cocok. Samakan `kunci` pada get-url dengan SMS_SECRET.")
        reply = _take(request, request.GET.get("dari"), request.GET.get("isi"), request.GET.get("id"))
    except Refused as refused:
        return _plain(str(refused), refused.status)
    return _plain(reply or "")


@csrf_exempt
@require_POST
def signed(request: HttpRequest) -> HttpResponse:
    """`{"id": …, "from": …, "text": …}`, signed: X-Latih-Time is seconds since 1970, X-Latih-Signature the hex
    HMAC-SHA256 of "<time>.<body>" with SMS_SECRET. Answers `{"reply": …, "parts": …}`; null for a text taken before."""
    try:
        _judge_address(request)
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
        return JsonResponse({"error": str(refused)}, status=refused.status)
    return JsonResponse({"reply": reply, "parts": length(reply).parts if reply else 0})


def _judge_address(request: HttpRequest) -> None:
    if not settings.SMS_SECRET:
        raise Http404
    address = ip_address(client_ip(request))
    if not any(address in ip_network(allowed, strict=False) for allowed in settings.SMS_GATEWAYS):
        raise Refused(403, "Alamat ini bukan gerbang SMS yang dikenal. Tambahkan pada SMS_GATEWAYS.")


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
    return receive(number, text, request.now, request.today, gateway_id)
