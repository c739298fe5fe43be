(function (d) {
"use strict";
// The report stands in a frame, byte for byte as it would be written; this page asks whether it changed.
function by(id) { return d.getElementById(id); }
var frame = by("report"), version = 0, shown = null, now = { reports: [], trouble: null };
function place(name) { return "r/" + encodeURIComponent(name) + ".html"; }
function show(name) {
  if (name === shown) {
    var at = frame.contentWindow, x = at.scrollX, y = at.scrollY;
    frame.onload = function () { frame.onload = null; at.scrollTo(x, y); };
    at.location.reload();
  } else {
    shown = name;
    frame.src = place(name);
  }
}
function update(state) {
  by("reports").replaceChildren.apply(by("reports"), state.reports.length < 2 ? [] : state.reports.map(function (it) {
    var link = d.createElement("a");
    link.href = "#" + encodeURIComponent(it.name);
    link.textContent = it.title + (it.trouble ? " \u26a0" : "");
    return link;
  }));
  choose(names);
}
// What is wrong with all reports, or with the one that is shown.
function tell() {
  var it = now.reports.filter(function (it) { return it.name === shown; })[0] || {};
  var text = now.trouble || it.trouble || "";
  by("text").textContent = text;
  by("trouble").hidden = !text;
  by("behind").hidden = !it.page;
}
function plain(text) { try { return decodeURIComponent(text); } catch (e) { return ""; } }
function mark() {
  d.querySelectorAll("nav a").forEach(function (a) {
    if (plain(a.hash.slice(1)) === shown) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current");
  });
}
function choose(names) {
  var wanted = plain(location.hash.slice(1));
  var name = names.indexOf(wanted) < 0 ? names[0] : wanted;
  if (name !== undefined) show(name);
  mark();
  tell();
}
var names = [];
addEventListener("hashchange", function () { choose(names); });
by("hide").onclick = function () { by("trouble").hidden = true; };
frame.addEventListener("load", function () {
  d.title = "Peil";
  try {
    d.title = frame.contentDocument.title || d.title;
    // A link in a report may lead to another.
    var there = plain(frame.contentWindow.location.pathname.split("/").pop()).replace(/\.html$/, "");
    if (there === shown || names.indexOf(there) < 0) return;
    shown = there;
    history.replaceState(null, "", "#" + encodeURIComponent(there));
    mark();
    tell();
  } catch (e) { /* a page that is not ours tells nothing */ }
});
(function ask() {
  fetch("state?since=" + version, { cache: "no-store" }).then(function (it) {
    if (!it.ok) throw it.status;
    return it.json();
  }).then(function (state) {
    by("gone").hidden = true;
    if (state.version !== version) {
      version = state.version;
      now = state;
      names = state.reports.map(function (it) { return it.name; });
      update(state);
    }
    ask();
  }).catch(function () {
    by("gone").hidden = false;
    setTimeout(ask, 1000);
  });
})();
})(document);
