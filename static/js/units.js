/* A field that names one of many units (or several, split by 、): what is typed is looked for in code, name and the
   initials of its pinyin, and chosen by mouse, finger or keys. Without this script the browser offers the same list. */
(function () {
  "use strict";

  var SHOWN = 20;
  var field = null; /* the one that the list is open for */
  var box = null;
  var at = -1;

  function isChoice(target) {
    return target instanceof HTMLInputElement && target.hasAttribute("data-unit-choice");
  }

  function several(input) {
    return input.getAttribute("data-unit-choice") === "several";
  }

  /* the word being typed; of several, the last one up to the caret */
  function typed(input) {
    var text = input.value;
    if (!several(input)) {
      return { before: "", word: text.trim(), after: "" };
    }
    var caret = input.selectionStart === null ? text.length : input.selectionStart;
    var begin = Math.max.apply(null, ["、", "，", ","].map(function (mark) { return text.lastIndexOf(mark, caret - 1); })) + 1;
    return { before: text.slice(0, begin), word: text.slice(begin, caret).trim(), after: text.slice(caret) };
  }

  function matching(input, word) {
    var list = document.getElementById(input.getAttribute("data-unit-list"));
    var low = word.toLowerCase();
    return Array.prototype.filter.call(list ? list.options : [], function (option) {
      return option.value.toLowerCase().indexOf(low) >= 0 || option.getAttribute("data-letters").indexOf(low) >= 0;
    });
  }

  function adopt(input) {
    if (input.hasAttribute("list")) {
      input.setAttribute("data-unit-list", input.getAttribute("list"));
      input.removeAttribute("list"); /* else the browser shows its own beside ours */
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
    }
  }

  function close() {
    if (box) {
      box.remove();
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-controls");
      field.removeAttribute("aria-activedescendant");
    }
    box = null;
    at = -1;
  }

  function show(input) {
    close();
    field = input;
    var word = typed(input).word;
    var found = matching(input, word);
    if (found.length === 1 && found[0].value === word) {
      return;
    }
    box = document.createElement("div");
    box.className = "unit-choices";
    var inner = document.createElement("div");
    inner.className = "unit-choices-inner";
    var list = document.createElement("ul");
    list.id = input.id + "-choices";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "可选单位");
    found.slice(0, SHOWN).forEach(function (option, place) {
      var line = document.createElement("li");
      line.id = list.id + "-" + place;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.textContent = option.value;
      list.appendChild(line);
    });
    var said = document.createElement("p");
    said.setAttribute("role", "status");
    said.textContent = found.length === 0 ? "没有编码、名称或拼音首字母含“" + word + "”的单位"
      : found.length > SHOWN ? "共 " + found.length + " 个，请再输入几个字" : "";
    if (found.length) {
      inner.appendChild(list);
      input.setAttribute("aria-controls", list.id);
      input.setAttribute("aria-expanded", "true");
    }
    if (said.textContent) {
      inner.appendChild(said);
    }
    box.appendChild(inner);
    input.insertAdjacentElement("afterend", box);
  }

  function lines() {
    return box ? box.querySelectorAll("li") : [];
  }

  function mark(place) {
    var all = lines();
    if (!all.length) {
      return;
    }
    if (at >= 0) {
      all[at].setAttribute("aria-selected", "false");
    }
    at = (place + all.length) % all.length;
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[at].id);
  }

  function choose(line) {
    var input = field;
    var parts = typed(input);
    var text = parts.before + line.textContent;
    input.value = text + parts.after;
    close();
    input.focus();
    input.setSelectionRange(text.length, text.length);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("focusin", function (event) {
    if (isChoice(event.target)) {
      adopt(event.target);
    }
  });

  document.addEventListener("input", function (event) {
    if (isChoice(event.target)) {
      adopt(event.target);
      if (typed(event.target).word) {
        show(event.target);
      } else {
        close();
      }
    }
  });

  document.addEventListener("keydown", function (event) {
    var input = event.target;
    if (!isChoice(input) || event.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!box) {
        show(input);
      }
      mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && box && at >= 0) {
      event.preventDefault();
      choose(lines()[at]);
    } else if (event.key === "Escape" && box) {
      event.preventDefault();
      close();
    }
  });

  /* on mousedown the field would lose its focus, and the list with it */
  document.addEventListener("mousedown", function (event) {
    if (box && box.contains(event.target)) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", function (event) {
    if (box && box.contains(event.target) && event.target.matches("li")) {
      choose(event.target);
    }
  });
  document.addEventListener("focusout", function (event) {
    if (event.target === field) {
      close();
    }
  });
})();
