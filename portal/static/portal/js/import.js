// Asks once a second how far an import is, and shows the page anew when it has ended.
"use strict";

{
  const box = document.querySelector("[data-progress]");
  const bar = box?.querySelector("progress");

  const show = (told) => {
    bar.value = told.percent;
    bar.textContent = `${told.percent} %`;
    for (const name of ["state", "read", "faults"]) {
      document.querySelector(`[data-import=${name}]`).textContent = told[name];
    }
    const left = document.querySelector("[data-import=left]");
    const words = told.left || "Menghitung sisa waktu";
    if (left.textContent !== words) left.textContent = words;
  };

  const ask = async () => {
    try {
      const response = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (response.redirected) return location.reload();
      if (response.ok) {
        const told = await response.json();
        if (!told.running) return location.reload();
        show(told);
      }
    } catch {
      // The server is away for a moment: ask again.
    }
    setTimeout(ask, 1000);
  };

  if (bar) setTimeout(ask, 1000);
}
