// Google's checkbox comes from another host: say so when it does not come, instead of leaving a hole.
"use strict";

const line = document.querySelector("[data-recaptcha-status]");
const WAIT = 10000; // ms

setTimeout(() => {
  if (line && !window.grecaptcha) {
    line.textContent =
      "Layanan captcha Google tidak dapat dihubungi, jadi centang belum dapat ditampilkan. Periksa sambungan internet, lalu muat ulang halaman.";
  }
}, WAIT);
