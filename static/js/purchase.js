/* The purchase's form: lines added and removed, fields shown for their use, the sum of all lines.
   Amounts are counted in whole 分; without this script the form works the same, with a round trip more. */
(function () {
  "use strict";

  var form = document.querySelector("[data-purchase]");
  if (!form) {
    return;
  }
  var box = form.querySelector("[data-lines]");
  var total = box.querySelector("[name=lines-TOTAL_FORMS]");
  var template = box.querySelector("[data-empty-line]"); /* none where more lines follow on the next part */
  var first = Number(box.getAttribute("data-first"));

  function fen(text) {
    var plain = text.normalize("NFKC").replace(/[,\s¥元]/g, "");
    var places = /万$/.test(plain) ? 6 : 2; /* 1 万 is 1,000,000 分 */
    var match = new RegExp("^([+-]?)(\\d+)(?:\\.(\\d{1," + places + "}))?万?$").exec(plain);
    if (!match) {
      return null;
    }
    var value = Number(match[2]) * Math.pow(10, places) + Number(((match[3] || "") + "000000").slice(0, places));
    return match[1] === "-" ? -value : value;
  }

  function yuan(value) {
    var size = Math.abs(value);
    var whole = String(Math.floor(size / 100)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return (value < 0 ? "-" : "") + whole + "." + ("0" + (size % 100)).slice(-2);
  }

  function lines() {
    return Array.prototype.filter.call(box.querySelectorAll("[data-line]"), function (line) {
      return !line.querySelector("[name$=-DELETE]").checked;
    });
  }

  function addUp() {
    var sum = fen(box.getAttribute("data-elsewhere")) || 0;
    var exact = true;
    lines().forEach(function (line) {
      var text = line.querySelector("[data-amount]").value;
      var value = fen(text);
      if (value === null) {
        exact = exact && !text.trim();
      } else {
        sum += value;
      }
    });
    form.querySelector("[data-sum]").textContent = exact ? yuan(sum) : "—";
  }

  function showFor(scope, use) {
    scope.querySelectorAll("[data-only-use]").forEach(function (part) {
      part.hidden = part.getAttribute("data-only-use") !== use;
    });
  }

  function refresh(line) {
    showFor(line, line.querySelector("[data-use]").value);
  }

  function number() {
    lines().forEach(function (line, index) {
      line.querySelector("[data-position]").textContent = first + index;
    });
  }

  function remove(line) {
    line.querySelector("[name$=-DELETE]").checked = true;
    line.hidden = true;
    number();
    addUp();
  }

  function prepare(line) {
    var check = line.querySelector(".line-remove");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-ghost-danger";
    button.textContent = "删除";
    button.addEventListener("click", function () {
      remove(line);
    });
    check.querySelector("label").hidden = true;
    check.appendChild(button);
    line.hidden = line.querySelector("[name$=-DELETE]").checked;
    refresh(line);
  }

  function add() {
    var index = Number(total.value);
    var holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replace(/__prefix__/g, index);
    var line = holder.firstElementChild;
    template.parentNode.insertBefore(line, template);
    total.value = index + 1;
    prepare(line);
    fillOne(line);
    number();
    line.querySelector("input:not([type=hidden])").focus();
  }

  function fillOne(line) {
    box.querySelectorAll("[data-fill]").forEach(function (choice) {
      var field = line.querySelector("[name$=-" + choice.getAttribute("data-fill") + "]");
      if (choice.value && !field.value) {
        field.value = choice.value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    refresh(line);
  }

  box.addEventListener("change", function (event) {
    if (event.target.matches("[data-use]")) {
      refresh(event.target.closest("[data-line]"));
    }
    if (event.target.matches("[data-fill]")) {
      if (event.target.getAttribute("data-fill") === "use") {
        showFor(box.querySelector(".fill-bar"), event.target.value);
      }
      lines().forEach(fillOne);
    }
  });
  /* a hint has been heeded once its field is changed */
  form.addEventListener("change", function (event) {
    var field = event.target.closest(".field");
    if (field) {
      field.querySelectorAll(".field-doubt, .hint").forEach(function (hint) {
        hint.hidden = true;
      });
    }
  });
  box.addEventListener("input", function (event) {
    if (event.target.matches("[data-amount]")) {
      addUp();
    }
  });
  if (template) {
    box.querySelector("[data-add-line]").addEventListener("click", function (event) {
      event.preventDefault();
      add();
    });
  }

  /* 同上: what the last line before it that stays was bought for, and where it comes from */
  box.addEventListener("click", function (event) {
    var button = event.target.closest("[data-same]");
    if (!button) {
      return;
    }
    event.preventDefault();
    var line = button.closest("[data-line]");
    var above = lines()[lines().indexOf(line) - 1];
    if (above) {
      ["use", "region", "holiday"].forEach(function (name) {
        var field = line.querySelector("[name$=-" + name + "]");
        field.value = above.querySelector("[name$=-" + name + "]").value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  });

  Array.prototype.forEach.call(box.querySelectorAll("[data-line]"), prepare);
  showFor(box.querySelector(".fill-bar"), box.querySelector("[data-fill=use]").value);
  number();
  addUp();
})();
