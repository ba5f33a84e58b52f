"""How much a first visit costs on a telephone's data plan."""

from playwright.sync_api import expect

MOST = 60 * 1024  # bytes, headers included


def test_the_first_balance_page_weighs_at_most_60_kb(signed_in):
    page = signed_in("siti")  # cookies, and an empty cache
    weights = {}
    names = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    network.on(
        "Network.loadingFinished", lambda event: weights.update({event["requestId"]: event["encodedDataLength"]})
    )
    page.goto("/jht/", wait_until="networkidle")
    expect(page.locator(".hero-figure")).to_be_visible()

    listed = {names[request]: weight for request, weight in weights.items()}
    assert any(url.endswith(".css") for url in listed)
    assert sum(weights.values()) <= MOST, listed
