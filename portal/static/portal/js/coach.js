// The panel of an exercise: folds and remembers it, follows what is done without leaving the page, tells the time of an
// Uji. Without this file it is a list of steps beside the page.
"use strict";

var latihan = (() => {
  const box = document.querySelector("#latihan");
  const FOLD = "latih-panel", SHEET = matchMedia("(max-width: 74.99rem)"), CALM = matchMedia("(prefers-reduced-motion: reduce)");
  const fold = box.querySelector(".coach__fold"), root = document.documentElement;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  const say = (text) => { said.textContent = text; };

  // --- Folding: a sheet at the bottom on telephones, which never lies over what has the focus
  root.classList.add("coached");
  const kept = sessionStorage.getItem(FOLD);
  fold.open = kept ? kept === "buka" : !SHEET.matches;
  fold.querySelector(".coach__bar").addEventListener("click", () => sessionStorage.setItem(FOLD, fold.open ? "tutup" : "buka"));
  new ResizeObserver(() => root.style.setProperty("--coach-height", `${box.offsetHeight}px`)).observe(box);
  const covers = (one) => {
    const mine = box.getBoundingClientRect(), its = one.getBoundingClientRect();
    return getComputedStyle(box).position === "fixed" && SHEET.matches && its.bottom > mine.top && its.top < mine.bottom;
  };
  document.addEventListener("focusin", ({ target }) => requestAnimationFrame(() => {
    if (box.contains(target) || !covers(target)) return;
    if (fold.open) fold.open = false;
    requestAnimationFrame(() => covers(target) && target.scrollIntoView({ block: "center" }));
  }));

  // --- Following: after what changes nothing in the address (an SMS, the app's purse), and when one comes back
  async function refresh() {
    const here = encodeURIComponent(location.pathname + location.search);
    const answer = await fetch(`${box.dataset.part}?di=${here}`, { cache: "no-store" }).catch(() => null);
    if (answer?.status === 200 && !answer.redirected) take(await answer.text());
  }

  function take(html) {
    const page = document.createElement("template");
    page.innerHTML = html;
    const fresh = page.content.querySelector("#latihan");
    if (!fresh) return location.reload();
    const before = { ...box.dataset }, old = box.querySelector(".coach__body"), body = fresh.querySelector(".coach__body");
    if (old.textContent.replace(/\s+/g, " ") === body.textContent.replace(/\s+/g, " ")) return; // somebody may be answering
    const hints = old.querySelectorAll(".coach__hints li").length, at = old.contains(document.activeElement) && document.activeElement;
    const chosen = old.querySelector("input[name=jawab]:checked")?.id;
    const story = body.querySelector(".coach__story");
    if (story && old.querySelector(".coach__story")) story.open = old.querySelector(".coach__story").open;
    if (chosen && fresh.dataset.step === before.step && !body.querySelector("[data-told]")) body.querySelector(`#${chosen}`)?.setAttribute("checked", "");
    for (const name of ["step", "over", "seconds"]) {
      if (name in fresh.dataset) box.dataset[name] = fresh.dataset[name];
      else delete box.dataset[name];
    }
    const focused = at && body.querySelector(at.id ? `#${at.id}` : `form[action="${at.form?.getAttribute("action")}"] button`);
    old.replaceWith(body);
    box.querySelector(".coach__count").textContent = fresh.querySelector(".coach__count").textContent;
    if (at) (focused ?? box).focus();
    const words = [...body.querySelectorAll("[data-told]")].map((one) => one.textContent);
    words.push(...[...body.querySelectorAll(".coach__hints li")].slice(hints).map((one) => one.textContent));
    if (box.dataset.step !== before.step || box.dataset.over !== before.over) {
      words.push(body.querySelector(".coach__end p, [aria-current] .coach__do").textContent);
    }
    if (words.length) say(words.join(" ").replace(/\s+/g, " "));
    box.dispatchEvent(new Event("panel"));
  }

  let busy = false; // one question or hint at a time: a second press while it is under way does nothing
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("#latihan form[data-coach]");
    if (!form) return setTimeout(refresh, 1500);
    event.preventDefault();
    if (busy) return;
    busy = true;
    const data = new URLSearchParams(new FormData(form));
    data.set("bagian", "1");
    const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    const part = answer?.status === 200 && !answer.redirected ? await answer.text().catch(() => null) : null;
    if (part === null) return HTMLFormElement.prototype.submit.call(form); // the page leaves; busy until it is back
    busy = false;
    take(part);
  });
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    busy = false;
    refresh();
  });

  // --- The time of an Uji: the server decides when it is over, this only tells
  if ("seconds" in box.dataset) {
    const ends = performance.now() + Number(box.dataset.seconds) * 1000, SPOKEN = new Set([300, 60]);
    const shown = box.querySelector("[data-left]");
    let asked = 0;
    const tick = setInterval(async () => {
      const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      const grain = CALM.matches ? 10 : 1; // the last two minutes in seconds; calm ones in tens
      const words = left > 120 ? `${Math.ceil(left / 60)} menit` : `${Math.ceil(left / grain) * grain} detik`;
      if (shown.textContent !== words) shown.textContent = words;
      if (SPOKEN.delete(left)) say(`Sisa waktu ${words}.`);
      if (left > 0 || asked > 5) return;
      asked += 1;
      await refresh();
      if (box.dataset.over !== "ya") return;
      clearInterval(tick);
      location.assign(box.querySelector("[data-result]").href);
    }, 1000);
  }

  return { box, fold, say, refresh, lead: box.querySelector("[data-lead]"), isSheet: () => SHEET.matches, isCalm: () => CALM.matches };
})();
