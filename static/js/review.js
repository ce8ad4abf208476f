/* Reviewing by keyboard: A approves, R goes to the reason for sending back, J and K walk the queue. */
(function () {
  "use strict";

  function typing(target) {
    return target.closest("input, select, textarea, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) {
      return;
    }
    var key = event.key.toLowerCase();
    if (key === "r") {
      var reason = document.querySelector("[list='common-reasons']");
      if (reason) {
        event.preventDefault();
        reason.focus();
      }
      return;
    }
    var chosen = document.querySelector("[data-key='" + (/^[ajk]$/.test(key) ? key : "") + "']");
    if (chosen) {
      event.preventDefault();
      chosen.click();
    }
  });

  /* In the lines, Enter goes on to the next field: approving is a decision of its own. */
  var form = document.getElementById("approve-form");
  if (form) {
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || !event.target.matches("input")) {
        return;
      }
      event.preventDefault();
      var fields = Array.prototype.slice.call(form.querySelectorAll("input:not([type=hidden])"));
      var next = fields[fields.indexOf(event.target) + 1];
      if (next) {
        next.focus();
      }
    });
  }

  /* One box picks all of the page that raise no doubt. */
  var all = document.querySelector("[data-pick-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      document.querySelectorAll("input[name=pick]:not([data-doubtful])").forEach(function (box) {
        box.checked = all.checked;
      });
    });
  }
})();
