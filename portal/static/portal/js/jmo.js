// What makes Saku Latih feel like an app. Every page works without this file.
"use strict";

(() => {
  const { worker, scope } = document.currentScript.dataset;
  navigator.serviceWorker?.register(worker, { scope }).catch(() => {}); // only where the address is secure

  // Without a network nothing is sent, and what was typed stays where it is.
  const OFFLINE = "Tidak ada sambungan, jadi belum terkirim. Isian Anda masih di sini: sambungkan telepon, lalu coba lagi.";
  const tell = (form) => {
    form.querySelector("[data-offline]")?.remove(); // anew, so that it is read aloud again
    const told = document.createElement("p");
    told.dataset.offline = "";
    told.setAttribute("role", "alert");
    told.className = "note note--warn";
    told.append(Object.assign(document.createElement("span"), { textContent: OFFLINE }));
    form.append(told);
  };
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.method !== "post") return;
    event.preventDefault();
    event.stopPropagation();
    tell(event.target);
  }, true);

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
    if (!answer) return tell(form);
    if (!answer.ok || answer.redirected) return form.submit();
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
