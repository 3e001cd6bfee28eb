"""The product's addresses and one page with nothing in it: the frame alone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from veikart.urls import urlpatterns as product


@login_required
def empty_page(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("bench-empty/", empty_page), *product]
