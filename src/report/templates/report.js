(function (d) {
"use strict";
// The page is complete without this: it adds a theme switch, printing, sorting and filtering.
var root = d.documentElement, theme = d.getElementById("theme"), print = d.getElementById("print");
var system = matchMedia("(prefers-color-scheme: dark)");
function dark() { return (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark"; }
function name() { theme.textContent = dark() ? theme.dataset.light : theme.dataset.dark; theme.setAttribute("aria-pressed", dark()); }
theme.hidden = false; name();
theme.onclick = function () { root.dataset.theme = dark() ? "light" : "dark"; name(); };
system.addEventListener("change", name);
print.hidden = false; print.onclick = function () { window.print(); };

var table = d.getElementById("ktable");
if (table) {
  var body = table.tBodies[0], filter = d.querySelector(".filt");
  var show = function (status) {
    filter.querySelectorAll("button").forEach(function (b) { b.setAttribute("aria-pressed", b.dataset.f === status); });
    Array.prototype.forEach.call(body.rows, function (r) { r.hidden = status !== "" && r.dataset.st !== status; });
  };
  filter.hidden = false;
  filter.onclick = function (e) { var b = e.target.closest("button"); if (b) show(b.dataset.f); };
  table.querySelectorAll("th[data-sort]").forEach(function (head) {
    var button = d.createElement("button"), label = head.firstElementChild, numeric = head.dataset.sort === "n";
    button.type = "button"; button.textContent = label.textContent; head.replaceChild(button, label);
    button.onclick = function () {
      var up = head.getAttribute("aria-sort") !== "ascending", i = head.cellIndex;
      table.querySelectorAll("th[aria-sort]").forEach(function (h) { h.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      Array.prototype.slice.call(body.rows).sort(function (a, b) {
        var x = a.cells[i], y = b.cells[i];
        if (!numeric) return (up ? 1 : -1) * x.textContent.localeCompare(y.textContent, root.lang);
        // What has no figure stays last, whichever way.
        if (x.dataset.v === "" || y.dataset.v === "") return (x.dataset.v === "") - (y.dataset.v === "");
        return (up ? 1 : -1) * (x.dataset.v - y.dataset.v);
      }).forEach(function (r) { body.appendChild(r); });
    };
  });
}

// A link may point into something closed or filtered away.
function reveal() {
  var at = d.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!at) return;
  for (var f = at.closest("details"); f; f = f.parentElement.closest("details")) f.open = true;
  if (at.hidden) { d.querySelector(".filt button").click(); at.scrollIntoView(); }
}
addEventListener("hashchange", reveal); reveal();
addEventListener("beforeprint", function () { d.querySelectorAll("details.def").forEach(function (x) { x.open = true; }); });

if ("IntersectionObserver" in window) {
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (e) {
      if (!e.isIntersecting) return;
      d.querySelectorAll(".nav a[href^='#']").forEach(function (a) {
        if (a.getAttribute("href") === "#" + e.target.id) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
      });
    });
  }, { rootMargin: "-20% 0px -70%" });
  d.querySelectorAll("main section").forEach(function (s) { seen.observe(s); });
}
})(document);
