// Iuran sebulan: keeps each line's shares and the totals in step with the wages while the clerk types.
// The server computes them again; without this file "Hitung jumlah" does the same.
"use strict";
(() => {
  const table = document.querySelector("[data-lines]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const MOST = 10_000_000_000; // as the form says

  const rupiah = (amount) => {
    const shown = document.createElement("span");
    shown.className = "money";
    const sign = document.createElement("span");
    sign.className = "money__rp";
    sign.textContent = "Rp";
    shown.append(sign, String(amount).replace(/\B(?=(\d{3})+$)/g, "."));
    return shown;
  };
  const wageOf = (row) => {
    const text = row.querySelector("input[name$='-wage']").value.trim().replace(/^rp\.?\s*/i, "").replace(/,(00|-)$/, "");
    if (!/^(\d+|\d{1,3}(\.\d{3})+|\d{1,3}( \d{3})+)$/.test(text)) return null;
    const wage = Number(text.replace(/[. ]/g, ""));
    return wage > 0 && wage <= MOST ? wage : null;
  };
  const show = (cell, amount) => cell.replaceChildren(amount === null ? "–" : rupiah(amount));

  const add = () => {
    const sums = { employer: 0, worker: 0, both: 0 };
    let count = 0;
    for (const row of rows) {
      const wage = row.querySelector("input[type=checkbox]").checked ? wageOf(row) : null;
      // whole rupiah, half up: 3,7 % and 2 % in integers
      const employer = wage === null ? null : Math.floor((wage * 37 + 500) / 1000);
      const worker = wage === null ? null : Math.floor((wage * 20 + 500) / 1000);
      const shares = { employer, worker, both: wage === null ? null : employer + worker };
      if (wage !== null) count += 1;
      for (const [name, amount] of Object.entries(shares)) {
        show(row.querySelector(`[data-share=${name}]`), amount);
        sums[name] += amount ?? 0;
      }
    }
    for (const [name, amount] of Object.entries(sums)) show(table.querySelector(`[data-total=${name}]`), amount);
    table.querySelector("[data-total=count]").textContent = count;
  };
  table.closest("form").querySelector("[name=hitung]")?.setAttribute("hidden", "");
  table.addEventListener("input", add);
  add();
})();
