/* Draws each [data-chart] from the JSON beside it. The same figures stand in a table: without this nothing is lost. */
(function () {
  "use strict";

  var BLUE = "#1f6fb5";
  var GREEN = "#3c9455";
  var ORANGE = "#d98316";
  var GREY = "#8a94a3";
  var charts = [];

  function numbers(values) {
    return values.map(function (value) {
      return value === null ? null : Number(value);
    });
  }

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      aria: { enabled: true },
    };
  }

  /* Months as bars, their sum as a line, against an even pace and the year's goal. All in 万元. */
  function progress(data) {
    var option = base();
    option.legend = { bottom: 0, data: ["当月", "累计", "均衡进度"] };
    option.grid = { left: 8, right: 8, top: 36, bottom: 36, containLabel: true };
    option.xAxis = { type: "category", data: data.labels };
    option.yAxis = [
      { type: "value", name: "累计（万元）", nameTextStyle: { align: "left" } },
      { type: "value", name: "当月（万元）", nameTextStyle: { align: "right" }, splitLine: { show: false } },
    ];
    option.series = [
      { name: "当月", type: "bar", yAxisIndex: 1, data: numbers(data.amounts), color: "#a9cbe8", barMaxWidth: 24 },
      {
        name: "累计", type: "line", data: numbers(data.reached), color: BLUE, symbolSize: 6, lineStyle: { width: 3 },
        markLine: {
          silent: true, symbol: "none", lineStyle: { color: ORANGE },
          label: { position: "insideEndTop", formatter: "目标 " + data.threshold, color: "#8a4a06" },
          data: [{ yAxis: Number(data.threshold) }],
        },
      },
      { name: "均衡进度", type: "line", data: numbers(data.plan), color: GREY, symbol: "none", lineStyle: { type: "dashed" } },
    ];
    option.yAxis[0].max = function (range) {
      return Math.ceil(Math.max(range.max, Number(data.threshold)) * 1.05 / 100) * 100;
    };
    return option;
  }

  /* Stacked bars, the first label on top. */
  function bars(data) {
    var option = base();
    option.legend = { bottom: 0 };
    option.grid = { left: 8, right: 24, top: 24, bottom: 36, containLabel: true };
    option.xAxis = { type: "value", name: "万元", nameLocation: "end", nameGap: 4, nameTextStyle: { verticalAlign: "bottom", align: "right" } };
    option.yAxis = { type: "category", inverse: true, data: data.labels, axisLabel: { interval: 0 } };
    option.series = data.series.map(function (series, index) {
      return {
        name: series.name, type: "bar", stack: "all", barMaxWidth: 18,
        color: [BLUE, GREEN, ORANGE][index], data: numbers(series.values),
      };
    });
    return option;
  }

  var KINDS = { progress: progress, bars: bars };

  function draw(place) {
    var source = document.getElementById(place.getAttribute("data-chart"));
    if (!source || typeof echarts === "undefined") {
      return;
    }
    var data = JSON.parse(source.textContent);
    var chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(KINDS[data.kind](data));
    charts.push(chart);
  }

  document.querySelectorAll("[data-chart]").forEach(draw);

  var waiting = 0;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      charts.forEach(function (chart) {
        chart.resize();
      });
    }, 100);
  });
})();
