// Tunjukkan: plays the exercise by itself on the real controls, for the projector. Which step is next the server says;
// which action of it, this browser remembers. Nothing is tried twice: what cannot be done is said, and it stops.
"use strict";

(() => {
  const { box, say, find, refresh } = latihan, KEY = "latih-peragaan", PACE = "latih-laju";
  const PACES = [["lambat", "Lambat", 1.8], ["biasa", "Biasa", 1], ["cepat", "Cepat", 0.35]];
  const LONGEST = 90; // seconds a code or a page is waited for
  const run = box.dataset.run;
  let memory = JSON.parse(sessionStorage.getItem(KEY) ?? "{}"), leaving = false, stopped = false;
  if (memory.run !== run) memory = { run, step: "", index: 0, paused: false };
  const keep = (more) => sessionStorage.setItem(KEY, JSON.stringify(Object.assign(memory, more)));
  const pace = () => PACES.find(([name]) => name === (localStorage.getItem(PACE) ?? "biasa")) ?? PACES[1];

  // --- The bar: a caption for the back row, and the controls
  const bar = document.createElement("section");
  bar.className = "coach-bar";
  bar.setAttribute("aria-label", "Peragaan");
  const caption = document.createElement("p"), acts = document.createElement("div");
  caption.className = "coach-bar__caption";
  acts.className = "coach-bar__acts";
  const button = (words, act) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn";
    one.textContent = words;
    one.addEventListener("click", act);
    acts.append(one);
    return one;
  };
  const hold = button("Jeda", () => (memory.paused ? goOn() : pause("Dijeda.")));
  hold.title = "Escape";
  const label = document.createElement("label"), choice = document.createElement("select");
  label.className = "coach-bar__pace";
  label.append("Laju ", choice);
  choice.append(...PACES.map(([name, words]) => new Option(words, name, false, name === pace()[0])));
  choice.addEventListener("change", () => localStorage.setItem(PACE, choice.value));
  acts.append(label);
  const end = button("Berhenti", () => box.querySelector("[data-stop]")?.requestSubmit());
  bar.append(caption, acts);
  document.body.append(bar);
  new ResizeObserver(() => document.documentElement.style.setProperty("--coach-bar", `${bar.offsetHeight}px`)).observe(bar);
  document.body.classList.add("with-coach-bar");

  const tell = (words) => {
    caption.textContent = words;
    say(words);
  };
  function pause(words) {
    keep({ paused: true });
    hold.textContent = "Lanjut";
    if (words) tell(`${words} ${caption.textContent}`.trim());
  }
  function goOn() {
    keep({ paused: false });
    hold.textContent = "Jeda";
    if (stopped || leaving) play();
  }
  function finish(words) {
    stopped = true;
    point(null);
    keep({ step: "", index: 0 });
    for (const one of [hold, label, end]) one.hidden = true;
    tell(words);
  }
  class Stuck extends Error {}
  const point = (control) => find.mark(control)?.scrollIntoView({ block: "center", behavior: latihan.isCalm() ? "auto" : "smooth" });
  const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  async function breathe(ms) {
    await sleep(ms * pace()[2]);
    while (memory.paused) await sleep(150);
  }
  async function until(is, seconds = LONGEST) {
    for (let tries = seconds * 5; tries > 0; tries--) {
      const found = await is();
      if (found) return found;
      await sleep(200);
      while (memory.paused) await sleep(150);
    }
    return null;
  }

  // --- Doing what a person would do
  const quoted = (words) => `“${words}”`;
  const there = (control, words) => {
    if (!control) throw new Stuck(`${quoted(words)} tidak ada di halaman ini.`);
    const face = find.face(control);
    if (face !== control && face.tagName === "SUMMARY") face.click();
    return control;
  };
  async function type(control, words) {
    const write = (value) => {
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), "value").set.call(control, value);
      control.dispatchEvent(new Event("input", { bubbles: true }));
    };
    if (latihan.isCalm()) write(words);
    else {
      const letters = [...words], beat = Math.min(90, 2500 / letters.length);
      for (let count = 1; count <= letters.length; count++) {
        write(letters.slice(0, count).join(""));
        await breathe(beat);
      }
    }
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  async function fill(label, words) {
    const control = there(find.field(label), label);
    point(control);
    if (control.tagName === "SELECT") return choose(control, words, label);
    tell(`Mengisi ${quoted(label)}${control.type === "password" ? "" : `: ${words}`}`);
    await breathe(pausing);
    await type(control, words);
  }
  async function choose(select, words, label) {
    tell(`Memilih ${quoted(words)} pada ${quoted(label)}`);
    await breathe(pausing);
    const option = there(find.option(select, words), words);
    if (select.multiple) option.selected = true;
    else select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  async function tick(label, heading) {
    const control = find.box(label, heading);
    if (!control && heading) return choose(there(find.field(heading), heading), label, heading);
    point(there(control, label));
    tell(`${control.type === "radio" ? "Memilih" : "Mencentang"} ${quoted(label)}`);
    await breathe(pausing);
    if (!control.checked) control.click();
    const captcha = control.closest("[data-captcha]");
    if (captcha && !(await until(() => captcha.dataset.state === "done"))) throw new Stuck("Pemeriksaan “Saya bukan robot” tidak selesai.");
  }
  async function press(control, words) {
    point(there(control, words));
    tell(`Menekan ${quoted(find.words(control, words))}`);
    await breathe(pausing);
    control.click();
  }
  async function text({ isi, dari = "1" }) {
    const phone = document.querySelector("[data-phone]"), number = phone?.querySelector("select");
    const ending = /^\d$/.test(dari) ? null : dari.slice(-3);
    if (!phone || (ending && number.value !== ending)) {
      leaving = true;
      keep({ index: memory.index - 1 });
      return location.assign(`/telepon/${ending ? `?nomor=${ending}` : ""}`);
    }
    const area = phone.querySelector("textarea"), count = () => document.querySelectorAll("[data-phone] .bubble").length, before = count();
    point(area);
    tell(`Menulis SMS ke 2757: ${isi}`);
    await breathe(pausing);
    await type(area, isi);
    await press(phone.querySelector("[data-write] button"), "Kirim");
    await until(() => count() > before + 1, 8);
    await refresh();
  }
  async function reply(choice) {
    latihan.fold.open = true;
    const offered = () => there(box.querySelector(`.coach__question input[value="${choice}"]`), "Jawab");
    point(offered());
    tell(`Menjawab: ${offered().labels[0].textContent}`);
    await breathe(pausing * 2);
    const radio = offered(); // the panel may have been drawn anew meanwhile
    radio.click();
    const step = box.dataset.step, over = box.dataset.over;
    await press(radio.form.querySelector("button"), "Jawab");
    await until(() => box.dataset.step !== step || box.dataset.over !== over, 8);
  }
  async function lay(label, name) {
    const control = there(find.file(label), label);
    point(control);
    tell(`Memilih berkas ${name} untuk ${quoted(label)}`);
    await breathe(pausing);
    const answer = await fetch(`${box.dataset.home}berkas/${encodeURIComponent(name)}`).catch(() => null);
    if (!answer?.ok) throw new Stuck(`Berkas ${name} tidak ada.`);
    const files = new DataTransfer();
    files.items.add(new File([await answer.blob()], name));
    control.files = files.files;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const each = async (pairs, act) => { for (const pair of pairs) await act(...pair); };
  const DO = {
    buka: async (argument, { address }) => {
      if (!address) throw new Stuck("Halaman ini hanya dapat dicapai lewat tombol.");
      if (find.isHere(address)) return;
      const link = find.link(address);
      if (link) return press(link, address);
      tell("Membuka halaman berikutnya");
      await breathe(pausing);
      leaving = true;
      location.assign(address);
    },
    isi: (fields) => each(Object.entries(fields), fill),
    pilih: (argument) => (typeof argument === "string" ? tick(argument)
      : each(Object.entries(argument).flatMap(([heading, labels]) => [labels].flat().map((label) => [label, heading])), tick)),
    centang: (label) => tick(label),
    klik: (words) => press(find.press(words), words),
    unggah: (files) => each(Object.entries(files), lay),
    sms: text,
    jawab: reply,
    tunggu: async (what) => (/^\d+$/.test(what) ? sleep(Number(what) * 1000) : tell(`Menunggu kode dari ${what === "sms" ? "Telepon" : "Kotak Masuk"}`)),
    jam: async (move) => {
      if (!find.isHere(box.dataset.home)) {
        leaving = true;
        keep({ index: memory.index - 1 });
        return location.assign(box.dataset.home);
      }
      const control = document.querySelector(`main button[value="${move}"]`), option = document.querySelector(`main option[value="${move}"]`);
      if (option) option.selected = true;
      await press(control ?? option?.closest("form").querySelector("button"), "Putar jam");
    },
  };

  // --- One action after another; after a new page this file begins anew where it was
  let pausing = 1800;
  const ask = async () => {
    const answer = await fetch(box.dataset.show, { cache: "no-store" }).catch(() => null);
    if (answer?.status === 404) return { step: null }; // over, or stopped elsewhere
    if (!answer?.ok) throw new Stuck("Situs tidak menjawab.");
    return answer.json();
  };
  const isComplete = (action) => action.verb !== "isi" || Object.values(action.argument).every(Boolean);
  async function play() {
    stopped = leaving = false;
    try {
      for (;;) {
        const told = box.dataset.over === "ya" ? {} : await ask();
        if (!told.step) return finish("Selesai. Peragaan berakhir.");
        pausing = told.pause_ms;
        if (memory.step !== told.step.code) keep({ step: told.step.code, index: 0 });
        else if (memory.index >= told.actions.length) throw new Stuck("Langkah ini belum selesai walau semuanya sudah dilakukan.");
        if (memory.index === 0) tell(told.step.do);
        await breathe(memory.index === 0 ? pausing * 1.5 : pausing / 3);
        let action = told.actions[memory.index];
        if (!isComplete(action)) action = await until(async () => [(await ask()).actions[memory.index]].find((one) => one && isComplete(one)));
        if (!action) throw new Stuck("Kodenya belum datang.");
        keep({ index: memory.index + 1 });
        await DO[action.verb](action.argument, action);
        await breathe(400);
        if (leaving) return watch();
      }
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      stopped = true;
      keep({ index: Math.max(0, memory.index - 1) });
      pause();
      tell(`Peragaan berhenti. ${error.message}`);
    }
  }
  async function watch() {
    await sleep(LONGEST * 1000);
    pause();
    tell("Halaman berikutnya tidak datang. Tekan Lanjut untuk mencoba lagi.");
  }
  document.addEventListener("submit", (event) => { queueMicrotask(() => { leaving ||= !event.defaultPrevented; }); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !event.defaultPrevented && !link.getAttribute("href").startsWith("#")) leaving = true;
  });

  // --- Whoever touches the page takes over
  const isMine = (target) => bar.contains(target) || box.contains(target);
  document.addEventListener("pointerdown", (event) => event.isTrusted && !stopped && !memory.paused && !isMine(event.target) && pause("Dijeda karena halaman disentuh."), true);
  document.addEventListener("keydown", (event) => {
    if (!event.isTrusted || stopped && !memory.paused) return;
    if (event.key === "Escape") return memory.paused ? goOn() : pause("Dijeda.");
    const harmless = ["Tab", "Shift", "Control", "Alt", "Meta", "F5", "F11", "PageUp", "PageDown"].includes(event.key);
    if (!harmless && !memory.paused && !isMine(event.target)) pause("Dijeda karena halaman disentuh.");
  }, true);

  if (box.dataset.over === "ya") finish("Selesai. Peragaan berakhir.");
  else {
    if (memory.paused) hold.textContent = "Lanjut";
    play();
  }
})();
