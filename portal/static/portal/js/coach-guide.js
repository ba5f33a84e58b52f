// Bimbing: points at the next control with one sentence and moves on as the person acts. The focus stays where it is;
// "Ke kontrol berikutnya" and Alt+K bring it there.
"use strict";

(() => {
  const { box, fold, lead, say, find } = latihan, KEY = "latih-bimbing", WORDS = "latihan-kata";
  const LOW = matchMedia("(max-width: 74.99rem) and (max-height: 24.99rem)"); // zoomed in far: the panel is out of sight
  const here = location.pathname + location.search;
  const kept = () => JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  const keep = (more) => sessionStorage.setItem(KEY, JSON.stringify({ ...kept(), ...more }));
  let told = null, aim = null, shown = "", offering = 0;

  const pointer = document.createElement("div");
  pointer.className = "coach-pointer";
  pointer.setAttribute("aria-hidden", "true"); // the same sentence stands in the panel and at the control
  pointer.hidden = true;
  document.body.append(pointer);

  // --- What an action asks for on this page: its parts, or null when it is not to be done here
  const quoted = (words) => `“${words}”`;
  const isFilled = (control, wanted) => {
    if (control.tagName === "SELECT") return control.selectedOptions[0] === find.option(control, wanted);
    if (!control.value) return false;
    return find.plain(control.value) === find.plain(wanted) || (control !== document.activeElement && control.value !== control.defaultValue);
  };
  const filling = (label, wanted) => {
    const control = find.field(label);
    if (!control) return null;
    const words = control.tagName === "SELECT" ? `Pilih ${quoted(wanted)} pada ${quoted(label)}.`
      : /^kode /i.test(label) ? `Ketik kodenya di ${quoted(label)}. Kodenya ada di ${from()}.` : `Isi ${quoted(label)} dengan ${wanted}`;
    return { control, done: isFilled(control, wanted), words };
  };
  const from = () => (told.actions.some(({ verb, argument }) => verb === "tunggu" && argument === "sms") ? "Telepon" : "Kotak Masuk");
  const ticking = (label, heading) => {
    const control = find.box(label, heading) ?? (heading && find.field(heading));
    if (!control) return null;
    if (control.tagName === "SELECT") return filling(heading, label);
    const wait = control.closest("[data-captcha]") ? " Tunggu sampai tertulis Terverifikasi." : "";
    return { control, done: control.checked, words: `${control.type === "radio" ? "Pilih" : "Centang"} ${quoted(label)}.${wait}` };
  };
  const some = (parts) => (parts.some(Boolean) ? parts.filter(Boolean) : null);
  const pressing = (words) => {
    const control = find.press(words);
    return control && [{ control, done: false, moves: true, words: `Tekan ${quoted(find.words(control, words))}.` }];
  };
  const LOOK = {
    buka: (argument, { address }) => {
      if (!address) return null;
      if (find.isHere(address)) return [];
      const control = find.link(address);
      return control && [{ control, done: false, words: `Buka ${quoted(find.words(control))}.` }];
    },
    isi: (fields) => some(Object.entries(fields).map(([label, wanted]) => filling(label, wanted))),
    pilih: (argument) => (typeof argument === "string" ? some([ticking(argument)])
      : some(Object.entries(argument).flatMap(([heading, labels]) => [labels].flat().map((label) => ticking(label, heading))))),
    centang: (label) => some([ticking(label)]),
    klik: pressing,
    unggah: (files) => some(Object.entries(files).map(([label, name]) => {
      const control = find.file(label);
      return control && { control, done: control.files.length > 0, words: `Unduh berkas ${name} dari halaman kursi Anda, lalu pilih di sini.` };
    })),
    sms: ({ isi }) => {
      const text = document.querySelector("[data-phone] textarea");
      if (!text) return pressing("Telepon")?.map((part) => ({ ...part, moves: false })) ?? null;
      const typed = find.plain(text.value) === find.plain(isi);
      return [{ control: text, done: typed, words: `Ketik ${isi}` }, { control: text.form.querySelector("button"), done: false, moves: true, words: "Tekan “Kirim”." }];
    },
    jawab: () => {
      const form = box.querySelector(".coach__question"), radio = form?.querySelector("input[type=radio]");
      if (!form) return null;
      if (!fold.open) return [{ control: fold.querySelector(".coach__bar"), done: false, words: "Buka panel ini dan jawab pertanyaannya." }];
      return [{ control: radio, done: Boolean(form.querySelector(":checked")), words: "Pilih jawaban yang menurut Anda benar." }, { control: form.querySelector("button"), done: false, words: "Tekan “Jawab”." }];
    },
    jam: (move) => {
      const control = document.querySelector(`main button[value="${move}"]`) ?? document.querySelector(`main option[value="${move}"]`)?.closest("select");
      return control && [{ control, done: false, moves: true, words: "Putar jam kursi ke hari yang diminta." }];
    },
    tunggu: () => [],
  };
  const look = (place) => {
    const action = told.actions[place];
    return action ? LOOK[action.verb]?.(action.argument, action) ?? null : null;
  };

  // --- Where one is: onward from what was done last; else wherever this page fits
  const TYPES = ["isi", "pilih", "centang", "unggah"];
  const nearest = (places, verbs) => places.find((place) => verbs.includes(told.actions[place].verb) && look(place)?.length);
  function start() {
    const { index = 0 } = kept(), count = told.actions.length, places = [...Array(count).keys()];
    for (let place = index; place < count; place++) {
      const parts = look(place);
      if (!parts) break;
      const part = parts.find(({ done }) => !done);
      if (part) return { place, part };
      keep({ index: place }); // done; should the page be left, it is not asked for again
    }
    let found = nearest(places.slice(index + 1), TYPES) ?? nearest(places.slice(0, index).reverse(), TYPES);
    while (TYPES.includes(told.actions[found - 1]?.verb) && look(found - 1)) found -= 1;
    found ??= nearest(places.slice(0, index).reverse(), ["klik"]) ?? nearest(places.slice(index + 1), ["klik"]);
    for (let place = found; place < count; place++) {
      const part = look(place)?.find(({ done }) => !done);
      if (part) return { place, part };
    }
    return null;
  }
  function elsewhere() {
    const { index = 0, page, from: began } = kept(), action = told.actions[index] ?? {};
    if (action.address) return action.address;
    if (action.verb === "jam") return box.dataset.home;
    return [page, began].find((address) => address && address !== here) ?? "";
  }

  // --- Pointing
  function plan() {
    if (!told?.step) return clear();
    clearTimeout(offering);
    const found = start();
    if (!found) { // what was done last may still be on its way
      clear();
      offering = setTimeout(() => offer(elsewhere()), kept().index >= told.actions.length ? 4000 : 0);
      return;
    }
    keep({ page: here });
    const control = find.face(found.part.control), isMenu = control !== found.part.control && control.tagName === "SUMMARY" && told.actions[found.place].verb !== "jawab";
    const words = isMenu ? `Buka ${quoted(find.words(control))} dahulu.` : found.part.words;
    if (aim?.control === control && shown === words) return place();
    clear();
    aim = { ...found, control, moves: found.part.moves && !isMenu };
    aim.mark = find.mark(control);
    control.setAttribute("aria-describedby", [...described(control), WORDS].join(" "));
    tell(words, "button", "Ke kontrol<span> berikutnya</span>");
    lead.querySelector("button").addEventListener("click", go);
    pointer.textContent = words;
    place();
  }
  const described = (one) => (one.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== WORDS);
  function clear() {
    if (aim) {
      find.mark(null);
      const rest = described(aim.control).join(" ");
      if (rest) aim.control.setAttribute("aria-describedby", rest);
      else aim.control.removeAttribute("aria-describedby");
    }
    aim = null;
    pointer.hidden = true;
    lead.replaceChildren();
    shown = "";
  }
  function tell(words, tag, label, address) {
    const sentence = document.createElement("p"), act = document.createElement(tag);
    sentence.className = "coach__say";
    sentence.id = WORDS;
    sentence.textContent = words;
    act.className = "btn coach__go";
    act.innerHTML = label;
    if (tag === "a") act.href = address;
    else {
      act.type = "button";
      act.title = "Alt+K";
    }
    lead.replaceChildren(sentence, ...(label ? [act] : []));
    if (shown !== words) say(words);
    shown = words;
  }
  function offer(address) {
    clear();
    if (address) tell(`${told.step.do} Halamannya lain dari yang ini.`, "a", "Buka halaman", address);
    else tell(told.step.do, "button", "");
  }
  function go() {
    if (!aim) return lead.querySelector("a")?.focus();
    aim.control.scrollIntoView({ block: "center" });
    aim.control.focus();
  }
  // Beside the control where there is room, under it in a low window; elsewhere the sheet says the same.
  function place() {
    if (!aim) return;
    const at = aim.mark.getBoundingClientRect(), room = (document.querySelector(".phone-beside")?.getBoundingClientRect().left ?? innerWidth) - at.right;
    const isLow = LOW.matches, isFree = isLow || (!latihan.isSheet() && room > 232);
    pointer.hidden = !isFree || box.contains(aim.control) || at.bottom < 0 || at.top > innerHeight;
    pointer.classList.toggle("coach-pointer--under", isLow);
    pointer.style.left = `${isLow ? 8 : at.right + 20}px`;
    pointer.style.top = `${isLow ? at.bottom + 16 : at.top + at.height / 2}px`;
    pointer.style.maxWidth = isLow ? "calc(100vw - 16px)" : `${Math.min(320, room - 40)}px`;
  }

  // --- Acting
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(plan, 120); };
  for (const name of ["input", "change", "focusout", "toggle"]) document.addEventListener(name, soon, true);
  document.addEventListener("click", (event) => {
    if (aim?.moves && aim.control.contains(event.target)) keep({ index: aim.place + 1 });
    soon();
  }, true);
  document.addEventListener("submit", (event) => {
    if (aim && event.target.matches("[data-write]") && told.actions[aim.place].verb === "sms") keep({ index: aim.place + 1 });
  }, true);
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.code !== "KeyK") return;
    event.preventDefault();
    go();
  });
  addEventListener("scroll", place, { passive: true, capture: true });
  addEventListener("resize", place);

  async function ask() {
    if (box.dataset.over === "ya") return clear();
    const answer = await fetch(box.dataset.show, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return clear();
    told = await answer.json();
    const step = `${told.run} ${told.step?.code}`;
    if (kept().step !== step) sessionStorage.setItem(KEY, JSON.stringify({ step, index: 0, from: here }));
    plan();
    if (!aim || latihan.isSheet() && aim.control === document.activeElement) return;
    const at = aim.control.getBoundingClientRect();
    if (!box.contains(aim.control) && (at.top < 0 || at.bottom > innerHeight - (latihan.isSheet() ? box.offsetHeight : 0))) {
      aim.control.scrollIntoView({ block: "center", behavior: latihan.isCalm() ? "auto" : "smooth" });
    }
  }
  box.addEventListener("panel", ask);
  ask();
})();
