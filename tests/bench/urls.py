"""The site's addresses and, beside them, what a page costs before it does anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from portal.urls import *  # noqa: F403 (error handlers too)
from portal.urls import urlpatterns as site


def bare_signed_in(request: HttpRequest) -> HttpResponse:
    """Session and user loaded, empty answer."""
    return HttpResponse(str(request.user.is_authenticated and "") or "")


def bare(request: HttpRequest) -> HttpResponse:
    """Nothing at all: what the frame of middleware costs."""
    return HttpResponse()


def bare_template(request: HttpRequest) -> HttpResponse:
    """The frame of every page, with nothing in it."""
    return render(request, "base_narrow.html")


urlpatterns = [
    path("bench/kosong/", bare),
    path("bench/masuk/", bare_signed_in),
    path("bench/templat/", bare_template),
    *site,
]
