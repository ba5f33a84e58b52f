// The state explorer: the picture as high as the page, scaled to fit, and drawn as a PNG for slides.
// The framed page runs nothing (sandbox), but is of our own origin, so its styles and its size can be read here.
(() => {
  "use strict";
  const SCALE = 2;              // pixels of the slide for one of the page
  const HIGHEST = 16000;        // pixels; more a canvas does not hold in every browser
  const SVG = "http://www.w3.org/2000/svg";

  const figure = document.querySelector("[data-frame]");
  if (!figure) return;
  const frame = figure.querySelector("iframe");
  const room = frame.parentElement;
  const width = Number(figure.dataset.pixels);
  const button = document.querySelector("[data-draw]");
  const said = document.querySelector("[data-said]");

  const page = () => frame.contentDocument;
  const LOWEST = width < 600 ? 740 : 600;

  // The whole page, also where only a part of it scrolls, as in the app.
  function height() {
    const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.clientHeight > 200;
    const hidden = [...page().querySelectorAll("body *")].filter(scrolls).map((one) => one.scrollHeight - one.clientHeight);
    return Math.max(page().documentElement.scrollHeight, page().body.scrollHeight) + Math.max(0, ...hidden);
  }

  function fit() {
    if (!page() || !page().body) return;
    frame.style.height = `${LOWEST}px`;
    let high = LOWEST;
    for (let again = 0; again < 3; again += 1) { // some pages grow when there is room
      high = Math.max(LOWEST, height());
      frame.style.height = `${high}px`;
    }
    const scale = Math.min(1, room.clientWidth / width);
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    frame.style.marginBottom = `${(scale - 1) * high}px`;
    frame.style.marginRight = `${(scale - 1) * width}px`;
  }

  const text = (url) => fetch(url).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(url))));
  const styles = () =>
    Promise.all([...page().querySelectorAll('link[rel="stylesheet"]')].map((link) => text(link.href))).then((all) => all.join("\n"));

  const sprites = new Map();
  async function symbol(reference) {
    const [url, id] = reference.split("#");
    if (!sprites.has(url)) sprites.set(url, new DOMParser().parseFromString(await text(url), "image/svg+xml"));
    return sprites.get(url).getElementById(id);
  }

  // What a picture may not fetch stands in it: the icons of the sprite, and images.
  async function settle(copy) {
    for (const use of copy.querySelectorAll("use")) {
      const found = await symbol(new URL(use.getAttribute("href"), page().baseURI).href);
      const around = use.closest("svg");
      if (!found || !around) continue;
      if (found.hasAttribute("viewBox")) around.setAttribute("viewBox", found.getAttribute("viewBox"));
      use.replaceWith(...[...found.childNodes].map((node) => document.importNode(node, true)));
    }
    for (const image of copy.querySelectorAll("img")) {
      const blob = await fetch(image.src).then((answer) => answer.blob());
      image.src = await new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsDataURL(blob);
      });
    }
    copy.querySelectorAll("link, script, meta, title").forEach((one) => one.remove());
    copy.querySelector("body").removeAttribute("inert");
  }

  async function drawn() {
    const high = Math.min(height(), HIGHEST / SCALE);
    const copy = page().documentElement.cloneNode(true);
    await settle(copy);
    const sheet = document.createElementNS(SVG, "style");
    sheet.textContent = await styles();
    const image = document.createElementNS(SVG, "svg");
    image.setAttribute("width", width);
    image.setAttribute("height", high);
    // rem counts from the outermost element, which is this one
    image.style.fontSize = getComputedStyle(page().documentElement).fontSize;
    const content = document.createElementNS(SVG, "foreignObject");
    content.setAttribute("width", "100%");
    content.setAttribute("height", "100%");
    copy.style.fontSize = "1em";
    content.append(copy);
    image.append(sheet, content);
    const source = new XMLSerializer().serializeToString(image);
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = high * SCALE;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty"))), "image/png"));
  }

  async function save() {
    button.disabled = true;
    said.textContent = "Gambar sedang dibuat.";
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await drawn());
      link.download = `${figure.dataset.frame}-${width}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
      said.textContent = "Gambar sudah diunduh.";
    } catch {
      said.textContent = "Peramban ini tidak dapat membuat gambarnya. Buka sebagai halaman sendiri, lalu cetak ke PDF.";
    }
    button.disabled = false;
  }

  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  fit();
  document.querySelector("[data-plain]").hidden = true;
  button.hidden = false;
  button.addEventListener("click", save);
})();
