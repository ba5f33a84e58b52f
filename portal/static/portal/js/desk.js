// Names for what Django's admin leaves without one: the search boxes of select2 and the cells of tabular inlines.
"use strict";

{
  const text = (element) => element?.textContent.replace(/[\s:]+/g, " ").trim() ?? "";

  const heading = (input) => {
    const cell = input.closest("td");
    const table = input.closest("table");
    return cell && table ? text(table.tHead?.rows[0].cells[cell.cellIndex]) : "";
  };

  const nameAll = () => {
    for (const header of document.querySelectorAll(".inline-group thead th")) {
      if (text(header)) continue;
      const word = document.createElement("span");
      word.className = "visually-hidden";
      word.textContent = header.classList.contains("original") ? "Baris" : "Hapus";
      header.append(word);
    }
    for (const input of document.querySelectorAll(".inline-group td :is(input:not([type=hidden]), select, textarea)")) {
      if (!input.labels?.length && !input.hasAttribute("aria-label")) input.setAttribute("aria-label", heading(input));
    }
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const name = text(select.labels?.[0]) || select.getAttribute("aria-label") || heading(select);
      const box = select.nextElementSibling?.querySelector("[role=combobox]");
      if (!box || !name) continue;
      const shown = box.querySelector(".select2-selection__rendered");
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", name);
      shown?.removeAttribute("role"); // the combobox around it is the one that is operated
      shown?.removeAttribute("aria-readonly");
    }
  };

  // After select2, which also waits for the page: jQuery keeps the order of those who wait.
  addEventListener("load", () => (window.django?.jQuery ?? setTimeout)(nameAll));
  document.addEventListener("formset:added", () => setTimeout(nameAll));
}
