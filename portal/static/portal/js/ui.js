// Small comforts. Every page works without this file.
"use strict";

for (const button of document.querySelectorAll(".password__toggle")) {
  const input = button.parentElement.querySelector("input");
  const word = button.firstElementChild;
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    word.textContent = shown ? "Sembunyikan" : "Tampilkan";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // Sent as a password field, so that the browser neither remembers nor suggests it as text.
  input.form?.addEventListener("submit", () => show(false));
}

// What must be mended is read first.
document.querySelector(".error-summary")?.focus();

// A form that must not be sent twice: while its answer is under way, a second press does nothing. Whatever else stops a
// form (a field the browser refuses, the captcha that still works) does so before and does not count as sent.
const UNDER_WAY = 10000; // ms until one may press again, should no answer ever come
let sentAt = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  if (Date.now() - (sentAt.get(form) ?? -Infinity) < UNDER_WAY) event.preventDefault();
  else sentAt.set(form, Date.now());
});
addEventListener("pageshow", (event) => {
  if (event.persisted) sentAt = new WeakMap(); // back from the next page
});

// The account menu closes by Escape and by a click elsewhere.
const menu = document.querySelector(".menu__more");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// On paper every year is open; afterwards only those that were.
const closed = new Set();
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details:not([open])")) {
    closed.add(details);
    details.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
  closed.clear();
});
