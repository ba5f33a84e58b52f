// A fault of a scenario leads to its line in the text; a text that was changed is not left by accident.
(() => {
  "use strict";
  const text = document.getElementById("id_text");
  if (!text) return;

  function go(line) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
    text.scrollIntoView({ block: "center" });
  }
  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go(Number(link.dataset.line));
    });
  }

  const before = text.value;
  let sent = false;
  text.form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && text.value !== before) event.preventDefault();
  });
})();
