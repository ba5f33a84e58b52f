// The trainer's board and the projector's view come up to date by themselves, without losing focus or place.
// Without this file there is "Muat ulang".
"use strict";

(() => {
  const EVERY = 3000, FRAME = 2000;
  const box = document.querySelector("[data-board]"), said = document.querySelector("[data-said]");

  const ask = (address, tag) => fetch(address, { cache: "no-store", credentials: "same-origin", headers: tag ? { "If-None-Match": tag } : {} }).catch(() => null);

  function every(pause, work) {
    let busy = false;
    const go = async () => {
      if (document.hidden || busy) return;
      busy = true;
      try { await work(); } finally { busy = false; }
    };
    document.addEventListener("visibilitychange", go);
    setInterval(go, pause);
    return go;
  }

  // What somebody holds with the keyboard is found again in the new rows by what it does.
  const sign = (one) => one && box.contains(one) ? [one.getAttribute("formaction"), one.getAttribute("href"), one.value, one.className].join("|") : null;

  function replace(html) {
    const fresh = document.createElement("template"), held = sign(document.activeElement), top = scrollY;
    const before = new Map([...box.querySelectorAll("[data-seat]")].map((one) => [one.dataset.seat, one]));
    fresh.innerHTML = html;
    const news = [];
    for (const row of fresh.content.querySelectorAll("[data-seat]")) {
      const old = before.get(row.dataset.seat);
      if (old?.dataset.state !== row.dataset.state && row.dataset.state === "tersangkut") news.push(`Kursi ${row.dataset.seat} tersangkut.`);
      if (old && old.dataset.state !== row.dataset.state && row.dataset.state === "selesai") news.push(`Kursi ${row.dataset.seat} selesai.`);
    }
    box.replaceChildren(fresh.content);
    if (held) [...box.querySelectorAll("a, button")].find((one) => sign(one) === held)?.focus({ preventScroll: true });
    if (scrollY !== top) scrollTo(0, top);
    if (said && news.length) said.textContent = news.join(" ");
  }

  let tag = "";
  const refresh = box && every(EVERY, async () => {
    const answer = await ask(box.dataset.board, tag);
    if (answer?.status !== 200 || answer.redirected) return;
    tag = answer.headers.get("ETag") ?? "";
    replace(await answer.text());
  });

  // A tap does its work without leaving the page, and says what was done.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("#lakukan, [data-do]");
    if (!form || !said) return;
    event.preventDefault();
    const button = event.submitter, data = new URLSearchParams(new FormData(form, button));
    data.set("bagian", "1");
    said.textContent = "";
    const address = button?.getAttribute("formaction") ?? form.action;
    const answer = await fetch(address, { method: "POST", body: data, credentials: "same-origin" }).catch(() => null);
    if (answer?.redirected) return location.assign(answer.url);
    if (![200, 409].includes(answer?.status)) return location.reload();
    said.textContent = await answer.text();
    if (answer.status === 200 && form.matches("[data-do]")) form.querySelector("textarea").value = "";
    refresh?.();
  });

  // Looking along: the state of it, and in the frame the page as it stands now, at the place where one was reading.
  const place = document.querySelector("[data-look]");
  if (!place) return;
  let state = "", page = "";
  every(FRAME, async () => {
    const answer = await ask(place.dataset.look, state);
    if (answer?.status === 200 && !answer.redirected) {
      const first = state === "", fresh = document.createElement("template");
      state = answer.headers.get("ETag") ?? "";
      fresh.innerHTML = await answer.text();
      const words = place.querySelector("[data-words]"), come = fresh.content.querySelector("[data-words]");
      const framed = Boolean(place.querySelector("iframe")), will = Boolean(fresh.content.querySelector("iframe"));
      if (framed !== will) place.replaceChildren(fresh.content);
      else if (!first || words.textContent !== come.textContent) words.replaceWith(come);
    }
    const frame = place.querySelector("iframe");
    if (!frame) return;
    const seen = await ask(frame.src, page);
    if (seen?.status !== 200) return;
    const known = page !== "";
    page = seen.headers.get("ETag") ?? "";
    if (!known) return;
    const there = frame.contentWindow.scrollY;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, there), { once: true });
    frame.contentWindow.location.reload();
  });
})();
