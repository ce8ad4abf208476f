/* Small helps that every page shares; each page works without them. */
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches("[data-submit-on-change]")) {
      field.form.submit();
    }
  });

  /* after a refusal, the first field to be put right */
  var wrong = document.querySelector(".has-error input, .has-error select, .has-error textarea");
  if (wrong) {
    wrong.focus();
  }

  document.addEventListener("submit", function (event) {
    var words = event.submitter && event.submitter.getAttribute("data-confirm");
    if (words && !window.confirm(words)) {
      event.preventDefault();
    }
  });
})();
