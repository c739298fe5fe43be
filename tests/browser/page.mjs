// What is measured within a page. Each function runs in the browser, knows nothing of the others, and gives a list of
// what is wrong, in words.

// Nothing is wider than the window, but for what scrolls by itself.
export function overflow() {
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((it) => {
      const box = it.getBoundingClientRect();
      if (box.width === 0 || box.right <= innerWidth + 1) return false;
      for (let at = it.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== "visible") return false;
      }
      return true;
    });
    const names = wide.slice(0, 3).map((it) => `${it.tagName.toLowerCase()}.${it.getAttribute("class") ?? ""}`);
    found.push(`the page is ${page.scrollWidth} wide in a window of ${innerWidth}: ${names.join(", ")}`);
  }
  return found;
}

// No text stands in a column so narrow that its words are broken into letters.
export function squeezed() {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let it = texts.nextNode(); it; it = texts.nextNode()) {
    const words = it.data.trim();
    const head = it.parentElement.closest("thead");
    const hidden = head && getComputedStyle(head).clipPath !== "none";
    if (words.length < 8 || hidden || it.parentElement.closest("svg, .vh, script, style")) continue;
    const range = document.createRange();
    range.selectNodeContents(it);
    const lines = new Set([...range.getClientRects()].filter((box) => box.width > 1).map((box) => Math.round(box.top)));
    if (lines.size > 3 && words.length / lines.size < 4) {
      found.push(`${lines.size} lines for "${words.slice(0, 40)}"`);
    }
  }
  return found;
}

// The text of a drawing lies within it, and no two labels lie on each other.
export function drawings() {
  const found = [];
  const seen = (it) => it.getClientRects().length > 0 && getComputedStyle(it).visibility !== "hidden";
  for (const svg of document.querySelectorAll("svg[viewBox]")) {
    if (!seen(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll("text")].filter((it) => it.textContent.trim() !== "" && seen(it));
    const boxes = texts.map((it) => it.getBoundingClientRect());
    const name = svg.getAttribute("aria-label")?.slice(0, 40) ?? svg.getAttribute("class");
    boxes.forEach((box, at) => {
      const slack = 1.5 * scale;
      if (box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - 2 * slack || box.bottom > frame.bottom + 2 * slack) {
        found.push(`text outside of its drawing: "${texts[at].textContent}" in ${name}`);
      }
      for (let other = 0; other < at; other += 1) {
        const against = boxes[other];
        const across = Math.min(box.right, against.right) - Math.max(box.left, against.left);
        // A box of text has air above and below its letters.
        const down = Math.min(box.bottom, against.bottom) - Math.max(box.top, against.top) - 0.3 * Math.min(box.height, against.height);
        if (across > 1 && down > 0) {
          found.push(`labels on each other: "${texts[other].textContent}" and "${texts[at].textContent}" in ${name}`);
        }
      }
    });
  }
  return found;
}

// Whatever is drawn is told as well: by a name, and in a figure by a table or a list.
export function alternatives() {
  const found = [];
  const named = (it) => {
    const by = it.getAttribute("aria-labelledby");
    const text = by ? by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join("") : it.getAttribute("aria-label");
    return (text ?? "").trim() !== "";
  };
  for (const svg of document.querySelectorAll("svg")) {
    if (svg.closest("[aria-hidden=true]") || svg.parentElement.closest("svg")) continue;
    if (svg.getAttribute("role") !== "img" || !named(svg)) {
      found.push(`a drawing without a name: ${svg.outerHTML.slice(0, 80)}`);
    }
  }
  for (const figure of document.querySelectorAll(".fig")) {
    if (figure.querySelector("svg.chart, svg.emo, svg.tree") && !figure.querySelector("table, ul, ol, dl")) {
      found.push(`a figure without a table: ${figure.id || figure.textContent.slice(0, 60)}`);
    }
  }
  for (const scroller of document.querySelectorAll(".scroll")) {
    if (scroller.tabIndex !== 0 || scroller.getAttribute("role") !== "region" || !named(scroller)) {
      found.push(`what scrolls cannot be reached by keyboard: ${scroller.outerHTML.slice(0, 80)}`);
    }
  }
  return found;
}

// The links to pages beside this one.
export function beside() {
  return [...document.querySelectorAll('a[href^="./"]')].map((it) => it.getAttribute("href"));
}

// Every id is there once, and every reference arrives.
export function references() {
  const found = [];
  const ids = new Set();
  for (const it of document.querySelectorAll("[id]")) {
    if (ids.has(it.id)) found.push(`the id ${it.id} is there twice`);
    ids.add(it.id);
  }
  for (const it of document.querySelectorAll("a[href]")) {
    const to = it.getAttribute("href");
    // Reports of one run stand beside each other; whether these are there is looked up where files can be.
    if (/^\.\/[^/:?#]+\.html(#[^#]*)?$/.test(to)) continue;
    if (!to.startsWith("#")) found.push(`a link that leaves the page: ${to}`);
    else if (!ids.has(to.slice(1)) && !ids.has(decodeURIComponent(to.slice(1)))) found.push(`a link to nowhere: ${to}`);
  }
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const it of document.querySelectorAll(`[${name}]`)) {
      for (const id of it.getAttribute(name).split(/\s+/)) {
        if (!ids.has(id)) found.push(`${name} to nowhere: ${id}`);
      }
    }
  }
  for (const use of document.querySelectorAll("use")) {
    if (!ids.has(use.getAttribute("href").slice(1))) found.push(`a glyph that is not there: ${use.getAttribute("href")}`);
  }
  return found;
}

// Nothing moves by itself.
export function motion() {
  const found = document.getAnimations().map((it) => `something moves: ${it.animationName ?? it.transitionProperty}`);
  if (getComputedStyle(document.documentElement).scrollBehavior !== "auto") found.push("the page scrolls smoothly");
  return found;
}

// Whatever marks a figure stands out from the paper. Colours of drawings are not forced by the browser, so this asks
// whether the style sheet left any that were meant for another paper.
export function forced() {
  const found = new Set();
  const parse = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const linear = (it) => (it / 255 <= 0.04045 ? it / 255 / 12.92 : ((it / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const probe = document.createElement("p");
  probe.style.cssText = "background:Canvas;forced-color-adjust:none";
  document.body.append(probe);
  const paper = parse(getComputedStyle(probe).backgroundColor);
  probe.remove();
  const marks = {
    fill: ".ed,.acd,.acbar,.sigp,.tg,.br,text",
    stroke: ".ln,.acl,.pts,.cil,.tgtl,.thrl,.lk.hot,.defc,.bx,.npll",
  };
  for (const [property, selector] of Object.entries(marks)) {
    for (const it of document.querySelectorAll(selector)) {
      if (it.getClientRects().length === 0 || !it.closest("svg")) continue;
      const colour = getComputedStyle(it)[property];
      if (colour === "none") continue;
      const ratio = contrast(parse(colour), paper);
      if (ratio < 3) found.add(`${property} of .${it.getAttribute("class")} is ${ratio.toFixed(1)} : 1 on its paper`);
    }
  }
  return [...found];
}

// What there is to read, without the buttons that only a script can serve.
export function text() {
  const page = document.body.cloneNode(true);
  page.querySelectorAll("script, .ctl, .filt").forEach((it) => it.remove());
  return page.textContent.replace(/\s+/g, " ").trim();
}

// Where the keyboard is: whether one sees it, and whether it is one's own.
export function focus() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight && box.width > 0;
  // Something of it must not lie under the bar that stays.
  const points = [[0.5, 0.5], [0.1, 0.9], [0.9, 0.9], [0.5, 0.1]].map(([x, y]) => {
    const clamp = (it, low, high) => Math.min(Math.max(it, low), high);
    return [clamp(box.left + x * box.width, 1, innerWidth - 2), clamp(box.top + y * box.height, 1, innerHeight - 2)];
  });
  const own = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (at.contains(top) || top.contains(at));
  });
  const name = `${at.tagName.toLowerCase()}${at.id ? `#${at.id}` : ""} "${(at.textContent || at.getAttribute("aria-label") || "").trim().slice(0, 30)}"`;
  // A target in running text may be small; one that stands alone may not.
  return { name, drawn, inside, covered: inside && !own, id: at.id, skip: at.classList.contains("skip"), href: at.getAttribute("href") };
}
