// The phone on screen: counts as one types, sends and receives without leaving the page, and stands beside any page
// when asked to. Without this file every step is a page of its own.
"use strict";

(() => {
  const { style } = document.currentScript.dataset;
  const BESIDE = "latih-telepon", NUMBER = "latih-telepon-nomor", EVERY = 3000, WIDE = matchMedia("(min-width: 75rem)");
  const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
  const TWICE = new Set("^{}\\[~]|€\f");

  // The same count as portal/sms/language.py: length().
  function measure(text) {
    const gsm = [...text].every((char) => GSM.has(char) || TWICE.has(char));
    const used = gsm ? [...text].reduce((sum, char) => sum + (TWICE.has(char) ? 2 : 1), 0) : text.length;
    const [single, several] = gsm ? [160, 153] : [70, 67];
    const parts = used <= single ? 1 : Math.ceil(used / several);
    return { parts, left: (parts === 1 ? single : parts * several) - used };
  }

  function bring(phone) {
    const text = phone.querySelector("textarea"), count = phone.querySelector("[data-count]");
    const log = phone.querySelector("[data-log]"), write = phone.querySelector("[data-write]");
    const tell = () => {
      const { parts, left } = measure(text.value);
      const cost = (parts * Number(count.dataset.tariff)).toLocaleString("id-ID");
      count.removeAttribute("role");
      count.textContent = `${left} karakter lagi · ${parts} SMS · Rp${cost} (angka latihan)`;
    };
    const down = () => { log.scrollTop = log.scrollHeight; };
    text.addEventListener("input", tell);
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) write.requestSubmit();
    });
    write.addEventListener("submit", async (event) => {
      event.preventDefault();
      const data = new FormData(write);
      data.set("bagian", "1");
      write.querySelector("button").disabled = true;
      try {
        const answer = await fetch(write.action, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        const fresh = device(await answer.text());
        if (fresh.querySelector(".phone__error") || phone.querySelector(".phone__error")) return replace(phone, fresh);
        hear(log, fresh.querySelector("[data-log]").innerHTML);
        text.value = "";
        tell();
        down();
        text.focus();
      } catch {
        count.setAttribute("role", "alert");
        count.textContent = "Belum terkirim. Periksa sambungan, lalu tekan Kirim sekali lagi.";
      } finally {
        write.querySelector("button").disabled = false;
      }
    });
    phone.querySelector("select").addEventListener("change", async (event) => {
      localStorage.setItem(NUMBER, event.target.value);
      const answer = await ask(event.target.value), draft = text.value;
      if (!answer?.ok) return;
      const fresh = device(await answer.text());
      fresh.querySelector("textarea").value = draft;
      replace(phone, fresh, "select");
      if (!fresh.matches(".phone-page *")) return;
      const address = `?nomor=${event.target.value}`; // the page around it says the same, and is the same when reloaded
      history.replaceState(null, "", address);
      document.querySelectorAll(".phone-list a").forEach((link) => {
        link.search === address ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
      });
    });
    phone.querySelector(".phone__go").hidden = true;
    tell();
    down();
    const timer = setInterval(async () => {
      if (!phone.isConnected) return clearInterval(timer);
      if (document.hidden) return;
      const last = log.querySelector("[data-last]").dataset.last;
      const answer = await fetch(`${phone.dataset.talk}&sesudah=${last}`, { credentials: "same-origin" }).catch(() => null);
      if (answer?.status !== 200) return;
      hear(log, await answer.text());
      down();
    }, EVERY);
  }

  const ask = (ending) => fetch(`/telepon/alat/?nomor=${ending}`, { credentials: "same-origin" }).catch(() => null);

  function device(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content.querySelector("[data-phone]") ?? location.reload();
  }

  // Only what is new is added, so that a screen reader says only that.
  function hear(log, html) {
    const box = document.createElement("template"), talk = log.querySelector(".talk");
    box.innerHTML = html;
    const fresh = box.content.querySelector(".talk"), there = new Set([...talk.children].map((one) => one.dataset.id));
    talk.querySelector(".talk__empty")?.remove();
    talk.append(...[...fresh.children].filter((one) => !there.has(one.dataset.id)));
    talk.dataset.last = fresh.dataset.last;
  }

  function replace(phone, fresh, where = "textarea") {
    phone.replaceWith(fresh);
    bring(fresh);
    fresh.querySelector(where).focus();
  }

  async function stand() {
    const answer = await ask(localStorage.getItem(NUMBER) ?? "");
    if (!answer?.ok) return;
    const look = document.createElement("link");
    look.rel = "stylesheet";
    look.href = style;
    document.head.append(look);
    const box = document.createElement("div");
    box.className = "phone-beside";
    box.innerHTML = `${await answer.text()}<p><button class="btn btn--quiet" type="button">Singkirkan telepon</button></p>`;
    box.querySelector(":scope > p button").addEventListener("click", () => { localStorage.removeItem(BESIDE); box.remove(); document.body.classList.remove("with-phone"); document.querySelector("#isi, #content-start")?.focus(); });
    document.body.append(box);
    document.body.classList.add("with-phone");
    bring(box.querySelector("[data-phone]"));
  }

  const here = document.querySelector("[data-phone]");
  if (here) bring(here);
  const offer = document.querySelector("[data-beside]");
  if (offer && WIDE.matches) {
    offer.hidden = false;
    const button = offer.querySelector("button"), word = () => {
      button.textContent = localStorage.getItem(BESIDE) ? "Jangan lagi di samping halaman" : "Letakkan di samping setiap halaman";
    };
    button.addEventListener("click", () => {
      localStorage.getItem(BESIDE) ? localStorage.removeItem(BESIDE) : localStorage.setItem(BESIDE, "1");
      word();
    });
    word();
  }
  if (!here && WIDE.matches && localStorage.getItem(BESIDE)) stand();
})();
