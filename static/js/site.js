/* Small helps that every page shares; each page works without them. */
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches("[data-submit-on-change]")) {
      field.form.submit();
    }
  });

  /* "/" leads to the search field, but not out of a field somebody types in */
  document.addEventListener("keydown", function (event) {
    var field = document.querySelector("[data-search-field]");
    var typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });

  /* a menu closes on Escape and on a click elsewhere */
  function closeMenus(except) {
    document.querySelectorAll("[data-menu][open]").forEach(function (menu) {
      if (menu !== except) {
        menu.removeAttribute("open");
      }
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("[data-menu]"));
  });
  document.addEventListener("keydown", function (event) {
    var menu = event.target.closest("[data-menu][open]");
    if (event.key === "Escape" && menu) {
      closeMenus(null);
      menu.querySelector("summary").focus();
    }
  });

  /* after a refusal, the first field to be put right */
  var wrong = document.querySelector(".has-error input, .has-error select, .has-error textarea");
  if (wrong) {
    wrong.focus();
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-print]")) {
      window.print();
    }
  });

  document.addEventListener("submit", function (event) {
    var words = event.submitter && event.submitter.getAttribute("data-confirm");
    if (words && !window.confirm(words)) {
      event.preventDefault();
    }
  });
})();
