/* Cells copied from Excel or WPS and pasted into a grid: into the fields from where they were pasted on, right and down.
   A first row of the fields' names puts each column where it belongs, and a first column of the rows' names each row.
   A single value pastes as ever; without this script nothing else does. */
(function () {
  "use strict";

  function plain(text) {
    return text.normalize("NFKC").replace(/\(.*?\)/g, "").replace(/[\s★*:：]/g, "");
  }

  /* tab-separated lines; a quoted cell may hold line feeds */
  function cells(text) {
    var rows = [[]];
    var pattern = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/g;
    var match = pattern.exec(text);
    while (match && match.index < text.length) {
      var quoted = match[1] !== undefined;
      rows[rows.length - 1].push((quoted ? match[1].replace(/""/g, '"') : match[2]).trim());
      if (match[3] !== "\t" && match[3] !== "") {
        rows.push([]);
      }
      match = pattern.exec(text);
    }
    return rows.filter(function (row) { return row.some(Boolean); });
  }

  function fields(row) {
    return Array.prototype.filter.call(row.querySelectorAll("input, select"), function (field) {
      return field.type !== "checkbox" && field.type !== "hidden" && field.name;
    });
  }

  function label(row, field) {
    var found = field.id ? row.querySelector("label[for='" + field.id + "']") : null;
    return plain(found ? found.textContent : field.getAttribute("aria-label") || "");
  }

  /* Does the field take the text? A choice is taken by what it is called. */
  function put(field, text) {
    if (field.tagName === "SELECT") {
      var wanted = plain(text);
      var option = Array.prototype.filter.call(field.options, function (each) {
        return each.value && plain(each.textContent) === wanted;
      })[0];
      if (!option) {
        return !text;
      }
      field.value = option.value;
    } else {
      field.value = text;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-paste]"), function (grid) {
    var told = document.createElement("div");
    told.className = "paste-told";
    told.setAttribute("role", "status");
    var hint = grid.querySelector("[data-paste-hint]");
    hint.parentNode.insertBefore(told, hint.nextSibling);

    function rows() {
      return Array.prototype.filter.call(grid.querySelectorAll("[data-line], [data-paste-row]"), function (row) {
        var gone = row.querySelector("[name$=-DELETE]");
        return !gone || !gone.checked;
      });
    }

    function named(name) {
      return rows().filter(function (row) {
        var keys = (row.getAttribute("data-paste-row") || "").split("|");
        return keys.some(function (key) { return key && plain(key) === plain(name); });
      })[0];
    }

    /* the row that comes after all there are, where the grid can grow */
    function more() {
      var add = grid.querySelector("[data-add-line]");
      var before = rows().length;
      if (add) {
        add.click();
      }
      return rows()[before];
    }

    grid.addEventListener("paste", function (event) {
      var start = event.target.closest("[data-line], [data-paste-row]");
      var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
      var table = /[\t\r\n]/.test(text.replace(/[\r\n]+$/, "")) ? cells(text) : [];
      if (!start || !table.length) {
        return;
      }
      event.preventDefault();
      var names = fields(start).map(function (field) { return label(start, field); });
      var head = table[0].map(function (cell) { return names.indexOf(plain(cell)); });
      var hasHead = head.some(function (place) { return place >= 0; });
      var first = Math.max(fields(start).indexOf(event.target), 0);
      var keyed = table.some(function (row) { return row.length > 1 && named(row[0]); });
      var at = rows().indexOf(start);
      var taken = 0;
      var faults = [];
      table.slice(hasHead ? 1 : 0).forEach(function (values, number) {
        var row = keyed ? named(values[0]) : rows()[at + number] || more();
        if (!row) {
          faults.push(keyed ? "没有“" + values[0] + "”这一行" : "第 " + (number + 1) + " 行放不下");
          return;
        }
        var found = fields(row);
        var places = values.map(function (_, place) {
          if (hasHead) {
            return head[place] === undefined ? -1 : head[place];
          }
          return keyed ? place - (values.length - found.length) : first + place;
        });
        values.forEach(function (value, place) {
          var field = found[places[place]];
          if (field && !field.disabled && !put(field, value)) {
            faults.push("第 " + (number + 1) + " 行的" + label(row, field) + "“" + value + "”不在可选范围内");
          }
        });
        taken += 1;
      });
      var words = "已粘贴 " + taken + " 行";
      if (faults.length) {
        words += "；" + faults.slice(0, 5).join("；") + (faults.length > 5 ? "；另有 " + (faults.length - 5) + " 处" : "");
      }
      told.textContent = words + "。请核对后保存。";
      told.classList.toggle("field-doubt", faults.length > 0);
    });
  });
})();
