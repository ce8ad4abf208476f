/* Light or dark as the system is, where the person has chosen neither; before anything is painted. Paper is light. */
(function () {
  "use strict";

  var page = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var chosen = page.getAttribute("data-bs-theme");

  function show(theme) {
    page.setAttribute("data-bs-theme", theme);
    page.dispatchEvent(new CustomEvent("site:theme"));
  }

  function wanted() {
    return chosen || (dark.matches ? "dark" : "light");
  }

  show(wanted());
  dark.addEventListener("change", function () {
    show(wanted());
  });
  window.addEventListener("beforeprint", function () {
    show("light");
  });
  window.addEventListener("afterprint", function () {
    show(wanted());
  });
})();
