/* Draws each [data-chart] from the JSON beside it. The same figures stand in a table: without this nothing is lost.
   A bar with a link opens it, beside the page where the drawer can. Colours come from css/theme.css. */
(function () {
  "use strict";

  var drawn = [];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  function numbers(values) {
    return values.map(function (value) {
      return value === null ? null : Number(value);
    });
  }

  function text() {
    return { color: colour("chart-ink") };
  }

  function axis(more) {
    var made = {
      axisLabel: text(), nameTextStyle: text(),
      axisLine: { lineStyle: { color: colour("chart-4") } },
      splitLine: { lineStyle: { color: colour("chart-line") } },
    };
    Object.keys(more).forEach(function (name) {
      made[name] = more[name];
    });
    return made;
  }

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      legend: { bottom: 0, textStyle: text(), inactiveColor: colour("chart-4") },
      aria: { enabled: true },
    };
  }

  function line(name, values, hue, style) {
    return { name: name, type: "line", data: numbers(values), color: hue, symbol: "none", lineStyle: style };
  }

  /* What was reached by each month, against an even pace, last year, and where the present pace leads. All in 万元. */
  function progress(data) {
    var option = base();
    var goal = Number(data.threshold);
    option.grid = { left: 8, right: 16, top: 36, bottom: 36, containLabel: true };
    option.xAxis = axis({ type: "category", data: data.labels, splitLine: { show: false } });
    option.yAxis = axis({ type: "value", name: "累计（万元）", nameTextStyle: { align: "left", color: colour("chart-ink") } });
    option.yAxis.max = function (range) {
      return Math.ceil(Math.max(range.max, goal) * 1.05 / 100) * 100;
    };
    option.series = [{
      name: "今年", type: "line", data: numbers(data.reached), color: colour("chart-1"), symbolSize: 7,
      lineStyle: { width: 3 }, z: 5,
      markLine: {
        silent: true, symbol: "none", lineStyle: { color: colour("chart-3") },
        label: { position: "insideEndTop", formatter: "目标 " + data.threshold, color: colour("chart-goal") },
        data: [{ yAxis: goal }],
      },
    }];
    if (data.forecast) {
      option.series.push(line("预计", data.forecast, colour("chart-1"), { type: "dotted", width: 3 }));
    }
    option.series.push(line("均衡进度", data.plan, colour("chart-4"), { type: "dashed" }));
    if (data.last) {
      option.series.push(line("上年", data.last, colour("chart-2"), { width: 2, type: [12, 4, 2, 4] }));
    }
    return option;
  }

  function stacked(data, more) {
    return data.series.map(function (series, index) {
      var made = { name: series.name, type: "bar", stack: "all", barMaxWidth: more, data: numbers(series.values) };
      made.color = colour("chart-" + (index + 1));
      made.itemStyle = index ? { decal: { symbol: "rect", rotation: 0.7, dashArrayX: [1, 0], dashArrayY: [2, 5], color: "rgba(255,255,255,.35)" } } : {};
      return made;
    });
  }

  /* Stacked bars, the first label on top. */
  function bars(data) {
    var option = base();
    option.grid = { left: 8, right: 24, top: 24, bottom: 36, containLabel: true };
    option.xAxis = axis({
      type: "value", name: "万元", nameLocation: "end", nameGap: 4,
      nameTextStyle: { verticalAlign: "bottom", align: "right", color: colour("chart-ink") },
    });
    option.yAxis = axis({ type: "category", inverse: true, data: data.labels, splitLine: { show: false } });
    option.yAxis.axisLabel.interval = 0;
    option.series = stacked(data, 18);
    return option;
  }

  /* The same upright. */
  function columns(data) {
    var option = base();
    option.grid = { left: 8, right: 8, top: 32, bottom: 36, containLabel: true };
    option.xAxis = axis({ type: "category", data: data.labels, splitLine: { show: false } });
    option.xAxis.axisLabel.interval = 0;
    option.yAxis = axis({ type: "value", name: "万元" });
    option.series = stacked(data, 36);
    return option;
  }

  var KINDS = { progress: progress, bars: bars, columns: columns };

  /* As a click on the same figure's link in the table. */
  function follow(address) {
    var link = document.createElement("a");
    link.href = address;
    link.setAttribute("data-drawer", "");
    link.hidden = true;
    document.body.appendChild(link);
    link.click();
    link.remove();
  }

  function draw(place) {
    var source = document.getElementById(place.getAttribute("data-chart"));
    if (!source || typeof echarts === "undefined") {
      return;
    }
    var data = JSON.parse(source.textContent);
    var chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(KINDS[data.kind](data));
    if (data.links) {
      chart.on("click", function (event) {
        if (data.links[event.dataIndex]) {
          follow(data.links[event.dataIndex]);
        }
      });
    }
    drawn.push({ chart: chart, data: data });
  }

  document.querySelectorAll("[data-chart]").forEach(draw);

  document.documentElement.addEventListener("site:theme", function () {
    drawn.forEach(function (each) {
      each.chart.setOption(KINDS[each.data.kind](each.data), true);
    });
  });

  var waiting = 0;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      drawn.forEach(function (each) {
        each.chart.resize();
      });
    }, 100);
  });
})();
