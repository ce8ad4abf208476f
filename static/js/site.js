/* Small helps that every page shares; each page works without them. */
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches("[data-submit-on-change]")) {
      field.form.submit();
    }
  });

  document.addEventListener("submit", function (event) {
    var words = event.submitter && event.submitter.getAttribute("data-confirm");
    if (words && !window.confirm(words)) {
      event.preventDefault();
    }
  });
})();
