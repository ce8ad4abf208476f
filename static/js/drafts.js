/* Many drafts on one page: 全选, 同上, choices that fill what is blank. Without this script the server does the same. */
(function () {
  "use strict";

  var form = document.querySelector("[data-drafts]");
  if (!form) {
    return;
  }
  var fillBar = form.querySelector(".fill-bar");
  var all = form.querySelector("[data-pick-all]");

  function each(parts, work) {
    Array.prototype.forEach.call(parts, work);
  }

  function lines() {
    return Array.prototype.slice.call(form.querySelectorAll("[data-line]"));
  }

  /* the select of that name in a row: "use" is d5-l1-use, and not the hidden initial-d5-l1-use */
  function choice(scope, name) {
    return scope.querySelector("select[name$=-" + name + "]");
  }

  function showFor(scope, use) {
    each(scope.querySelectorAll("[data-only-use]"), function (part) {
      part.hidden = part.getAttribute("data-only-use") !== use;
    });
  }

  function refresh(line) {
    showFor(line, choice(line, "use").value);
  }

  /* what the clerk has chosen is no proposal any more */
  function decided(select) {
    var hint = select.parentNode.querySelector("[data-hint]");
    select.classList.remove("is-proposed");
    if (hint) {
      hint.hidden = true;
    }
  }

  function set(select, value) {
    select.value = value;
    decided(select);
  }

  function sheetOf(line) {
    return line.closest("[data-sheet]");
  }

  function same(button) {
    var rows = lines();
    var line = button.closest("[data-line]");
    var above = rows[rows.indexOf(line) - 1];
    ["use", "region", "holiday"].forEach(function (name) {
      set(choice(line, name), choice(above, name).value);
    });
    if (sheetOf(line) !== sheetOf(above)) {
      set(choice(sheetOf(line), "channel"), choice(sheetOf(above), "channel").value);
    }
    refresh(line);
    choice(line, "use").focus();
  }

  function fill(name, value) {
    each(form.querySelectorAll("[data-sheet] select[name$=-" + name + "]"), function (select) {
      if (value && !select.value) {
        set(select, value);
      }
    });
    lines().forEach(refresh);
  }

  function pickOnes() {
    return form.querySelectorAll("[data-pick]");
  }

  form.addEventListener("change", function (event) {
    var field = event.target;
    if (field === all) {
      each(pickOnes(), function (box) {
        box.checked = all.checked;
      });
    } else if (field.matches("[data-pick]")) {
      all.checked = Array.prototype.every.call(pickOnes(), function (box) {
        return box.checked;
      });
    } else if (field.matches("[data-fill]")) {
      if (field.getAttribute("data-fill") === "use") {
        showFor(fillBar, field.value);
      }
      fill(field.getAttribute("data-fill"), field.value);
    } else if (field.matches("select")) {
      decided(field);
      if (field.matches("[data-use]")) {
        refresh(field.closest("[data-line]"));
      }
    }
  });
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-same]");
    if (button) {
      event.preventDefault();
      same(button);
    }
  });

  lines().forEach(refresh);
  showFor(fillBar, choice(fillBar, "use").value);
  if (lines().length) {
    lines()[0].querySelector("[data-same]").hidden = true;
  }
})();
