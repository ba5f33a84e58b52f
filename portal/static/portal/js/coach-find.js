// Controls found by the words on them, as portal/training/stage/markup.py finds them, among those one can see.
"use strict";

latihan.find = (() => {
  const ASIDE = "#latihan, .coach-bar, .coach-pointer, .phone-beside";
  const TYPED = "input:not([type=hidden],[type=submit],[type=button],[type=image],[type=reset],[type=checkbox],[type=radio],[type=file]),select,textarea";
  const PRESSED = "a[href],button,input[type=submit],input[type=button],input[type=image],summary";

  const plain = (words) => words.replace("(opsional)", " ").toLowerCase().replace(/[“”"'’‘\u00ad]/g, "").replace(/\s+/g, " ")
    .replace(/^[ :*]+|[ :*]+$/g, "").replace(/(\d) (?=\d)/g, "$1");
  const text = (one) => one?.textContent ?? "";
  const seen = (one) => {
    const copy = one.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".visually-hidden,[hidden]")) hidden.remove();
    return copy.textContent;
  };
  // 3 exactly, 2 as the beginning, 1 somewhere inside, 0 not at all
  const rank = (words, names) => {
    const wanted = plain(words);
    return Math.max(0, ...names.filter(Boolean).map(plain).map((name) =>
      name === wanted ? 3 : name.startsWith(wanted) ? 2 : wanted && name.includes(wanted) ? 1 : 0));
  };
  const best = (words, those, names) => {
    let found = null, top = 0;
    for (const one of those) {
      const its = rank(words, names(one));
      if (its > top) [found, top] = [one, its];
    }
    return found;
  };

  const isShown = (one) => one.getClientRects().length > 0 && one.checkVisibility?.({ visibilityProperty: true }) !== false;
  const all = (selector) => [...document.querySelectorAll(selector)]
    .filter((one) => !one.disabled && !one.closest(ASIDE) && (isShown(one) || one.closest("details:not([open])")))
    .sort((one, other) => Boolean(other.closest("main")) - Boolean(one.closest("main")));
  const names = (one) => [
    ...(one.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => text(document.getElementById(id))),
    one.getAttribute("aria-label"), ...[...(one.labels ?? [])].flatMap((label) => [text(label), seen(label)]), one.title, one.placeholder,
  ];
  const group = (one) => {
    const around = one.closest("fieldset,[role=group],[role=radiogroup]");
    return around?.getAttribute("aria-label") || text(document.getElementById(around?.getAttribute("aria-labelledby"))) || text(around?.querySelector("legend"));
  };
  const said = (one) => [one.getAttribute("aria-label"), one.tagName === "INPUT" ? one.value : "", text(one), seen(one), one.title];
  const boxes = (heading) => all("input[type=radio],input[type=checkbox]").filter((one) => !heading || rank(heading, [group(one)]));

  return {
    plain, rank, isShown,
    field: (label) => best(label, all(TYPED), (one) => [...names(one), group(one)]),
    file: (label) => best(label, all("input[type=file]"), (one) => [...names(one), group(one)]),
    box: (label, heading) => best(label, boxes(heading), names),
    press: (words) => best(words, all(PRESSED), said),
    option: (select, words) => best(words, select.options, (one) => [text(one)]),
    link: (address) => all("a[href]").find((one) => one.href.split("#")[0] === new URL(address, location.href).href),
    isHere: (address) => new URL(address, location.href).pathname === location.pathname,
    // What one sees of a control: a closed menu in its place, the box that select2 draws, the label of a hidden radio.
    face: (one) => {
      const closed = one.closest("details:not([open])");
      if (closed && one !== closed.querySelector("summary")) return closed.querySelector("summary");
      if (one.matches(".select2-hidden-accessible")) return one.nextElementSibling.querySelector("[role=combobox]") ?? one;
      return one;
    },
    // The frame around the next control; words in a line of text are painted instead. Only one at a time.
    mark: (one) => {
      for (const old of document.querySelectorAll(".coach-target")) old.classList.remove("coach-target", "coach-target--text");
      const whole = one && (["radio", "checkbox"].includes(one.type) ? one.closest(".check, label, div") ?? one : one);
      whole?.classList.add("coach-target");
      if (whole && getComputedStyle(whole).display === "inline" && whole.tagName === "A") whole.classList.add("coach-target--text");
      return whole;
    },
    // What a control says, or `instead` when that is nothing or a whole paragraph.
    words: (one, instead = "") => {
      const its = (one.tagName === "INPUT" ? one.value : seen(one)).replace(/\s+/g, " ").trim();
      return its && (its.length <= 40 || !instead) ? its : instead;
    },
  };
})();
