// "Saya bukan robot": ticking fetches a challenge, a worker finds its answer, the form carries the answer along.
"use strict";

const PATIENCE = 20000; // ms until we say that it takes too long
const SPARE = 60000; // ms before a challenge expires in which a new one is solved

const WORDS = {
  busy: "Sedang memeriksa …",
  done: "Terverifikasi",
  again: "Centang tadi hampir habis waktunya; sedang memeriksa sekali lagi …",
  slow: "Pemeriksaan terlalu lama dan dihentikan. Centang sekali lagi untuk mencoba ulang.",
  offline: "Situs tidak dapat dihubungi. Periksa sambungan, lalu centang sekali lagi.",
  broken: "Pemeriksaan gagal di peramban ini. Centang sekali lagi; jika tetap gagal, muat ulang halaman.",
};

for (const box of document.querySelectorAll("[data-captcha]")) {
  const tick = box.querySelector("input[type=checkbox]");
  const answer = box.querySelector("input[type=hidden]");
  const status = box.querySelector("[role=status]");
  const form = tick.form;
  let run = 0; // a newer run makes an older one void
  let worker = null;
  let renewal = 0;
  let submitWhenDone = null;

  const say = (state) => {
    status.textContent = WORDS[state] || "";
    box.dataset.state = state;
  };

  const stop = () => {
    run += 1;
    worker?.terminate();
    worker = null;
    clearTimeout(renewal);
    answer.value = "";
    box.removeAttribute("aria-busy");
  };

  const fail = (state) => {
    stop();
    submitWhenDone = null;
    tick.checked = false;
    say(state);
  };

  const work = (challenge) =>
    new Promise((resolve, reject) => {
      worker = new Worker(box.dataset.worker);
      worker.onmessage = (event) => resolve(event.data.number);
      worker.onerror = worker.onmessageerror = () => reject(new Error("broken"));
      worker.postMessage({ salt: challenge.salt, challenge: challenge.challenge, max: challenge.maxNumber });
    });

  const verify = async (first) => {
    stop();
    const mine = run;
    const current = () => mine === run;
    box.setAttribute("aria-busy", "true");
    say(first);
    const clock = setTimeout(() => current() && fail("slow"), PATIENCE);
    try {
      const response = await fetch(box.dataset.challenge, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!current()) return;
      if (!response?.ok) return fail("offline");
      const challenge = await response.json();
      const number = await work(challenge);
      if (!current()) return;
      if (!Number.isInteger(number)) return fail("broken");
      const { algorithm, salt, signature } = challenge;
      answer.value = btoa(JSON.stringify({ algorithm, challenge: challenge.challenge, number, salt, signature }));
      worker.terminate();
      box.removeAttribute("aria-busy");
      say("done");
      renewal = setTimeout(() => verify("again"), challenge.validFor * 1000 - SPARE);
      const waiting = submitWhenDone;
      submitWhenDone = null;
      if (waiting) form.requestSubmit(waiting.button);
    } catch {
      if (current()) fail("broken");
    } finally {
      clearTimeout(clock);
    }
  };

  tick.addEventListener("change", () => {
    if (tick.checked) {
      verify("busy");
    } else {
      stop();
      say("");
    }
  });

  // Sent while still checking: wait for the answer, then go on.
  form.addEventListener("submit", (event) => {
    if (!tick.checked || answer.value) return;
    event.preventDefault();
    submitWhenDone = { button: event.submitter };
  });

  // Back from another page: the answer was used, so the tick starts anew.
  addEventListener("pageshow", () => {
    if (tick.checked && !answer.value) verify("busy");
    else if (answer.value) {
      stop();
      tick.checked = false;
      say("");
    }
  });
}
