// On a seat: what the trainer says comes into the page within a few seconds. Without this file it stands on the next one.
"use strict";

(() => {
  const EVERY = 4000;
  let box = document.querySelector("[data-bell]");
  if (!box) return;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);

  // Only what is new is said aloud; the focus stays where somebody types, or goes to the page when its button is gone.
  function replace(html) {
    const page = document.createElement("template");
    page.innerHTML = html;
    const fresh = page.content.querySelector("[data-bell]");
    if (!fresh) return;
    const known = new Set([...box.querySelectorAll("p, h2")].map((one) => one.textContent));
    const had = box.contains(document.activeElement);
    box.replaceWith(fresh);
    box = fresh;
    said.textContent = [...fresh.querySelectorAll("p, h2")].map((one) => one.textContent.trim().replace(/\s+/g, " "))
      .filter((text, place) => !known.has(fresh.querySelectorAll("p, h2")[place].textContent)).join(" ");
    setTimeout(() => { said.textContent = ""; }, 10_000); // said once; the page itself keeps it
    if (had) (fresh.querySelector("button") ?? document.querySelector("#isi")).focus();
  }

  const here = () => encodeURIComponent(location.pathname);

  async function ask() {
    if (document.hidden || !box.isConnected) return;
    const answer = await fetch(`${box.dataset.bell}?ada=${box.dataset.state}`, { cache: "no-store" }).catch(() => null);
    if (answer?.status !== 200) return;
    const part = await fetch(`${box.dataset.part}?di=${here()}`, { cache: "no-store" }).catch(() => null);
    if (part?.status === 200) replace(await part.text());
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-tell]");
    if (!form) return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    data.set("bagian", "1");
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).catch(() => null);
    if (answer?.status === 200 && !answer.redirected) replace(await answer.text());
    else HTMLFormElement.prototype.submit.call(form);
  });
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
})();
