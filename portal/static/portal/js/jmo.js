// What makes Saku Latih feel like an app. Every page works without this file.
"use strict";

(() => {
  const { worker, scope } = document.currentScript.dataset;
  navigator.serviceWorker?.register(worker, { scope }).catch(() => {}); // only where the address is secure

  // The balance comes into its place and goes again; it is never in the page before it is asked for.
  const place = document.querySelector("[data-purse]")?.parentElement;
  if (!place) return;
  const hidden = place.innerHTML;
  place.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-reveal]");
    if (!form) return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form));
    data.set("bagian", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return form.submit();
    place.innerHTML = await answer.text();
    place.querySelector("[data-hide]").focus();
  });
  place.addEventListener("click", (event) => {
    if (!event.target.closest("[data-hide]")) return;
    event.preventDefault();
    place.innerHTML = hidden;
    place.querySelector("button").focus();
  });
})();
