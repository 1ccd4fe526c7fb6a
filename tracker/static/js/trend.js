// Draws the columns of a trend with the plan as a dashed line. The numbers come with the page as plain decimals;
// colours and letters come from the style sheet, so that the chart follows the tokens and the text size.

const root = getComputedStyle(document.documentElement);
const token = (name) => root.getPropertyValue(name).trim();
const rem = parseFloat(root.fontSize);

// Writes each value above its column, from the last one back; one that would run into its neighbour is left to the table.
const valuesOnTop = {
  id: "valuesOnTop",
  afterDatasetsDraw(chart, _args, options) {
    const { ctx } = chart;
    const place = chart.getDatasetMeta(options.dataset);
    ctx.save();
    ctx.font = `700 ${options.size}px ${options.family}`;
    ctx.fillStyle = options.color;
    ctx.strokeStyle = options.halo;
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.textAlign = "center";
    ctx.textBaseline = "bottom";
    let next = null;
    Array.from(place.data.entries()).reverse().forEach(([index, column]) => {
      const text = options.texts[index];
      if (!text || column.skip || Number.isNaN(column.y)) return;
      const half = ctx.measureText(text).width / 2;
      if (next && column.x + half + 2 > next.left && Math.abs(column.y - next.y) < options.size) return;
      next = { left: column.x - half, y: column.y };
      ctx.strokeText(text, column.x, column.y - 3);
      ctx.fillText(text, column.x, column.y - 3);
    });
    ctx.restore();
  },
};

function numbers(values) {
  return (values || []).map((value) => (value === null || value === "" ? null : Number(value)));
}

function draw(canvas) {
  const data = JSON.parse(canvas.dataset.trend);
  const ink = token("--ink-2");
  const family = getComputedStyle(document.body).fontFamily;
  const font = { family, size: Math.round(0.8125 * rem) };
  const datasets = [{
    type: "bar", label: canvas.dataset.actual, data: numbers(data.actual), backgroundColor: token("--brand"),
    borderRadius: 2, maxBarThickness: 3.25 * rem, categoryPercentage: 0.8, barPercentage: 0.85, order: 2,
  }];
  if (data.plan && data.plan.length) {
    datasets.push({
      type: "line", label: canvas.dataset.plan, data: numbers(data.plan), borderColor: ink, borderWidth: 1.5,
      borderDash: [5, 4], pointRadius: 0, pointHitRadius: 8, fill: false, spanGaps: true, order: 1,
    });
  }
  return new window.Chart(canvas, {
    type: "bar",
    data: { labels: data.labels, datasets },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, locale: document.documentElement.lang,
      layout: { padding: { top: 1.25 * rem } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { grid: { display: false }, border: { color: token("--line") }, ticks: { color: ink, font, maxRotation: 0, autoSkip: true } },
        y: { beginAtZero: true, border: { display: false }, grid: { color: token("--line") }, ticks: { color: ink, font, maxTicksLimit: 5 } },
      },
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, titleFont: font, bodyFont: font },
        valuesOnTop: { dataset: 0, texts: data.texts || [], size: font.size, family, color: token("--ink"), halo: token("--card") },
      },
    },
    plugins: [valuesOnTop],
  });
}

if (window.Chart) {
  const charts = Array.from(document.querySelectorAll("canvas[data-trend]"), draw);
  // On paper the columns of the page have other widths, which are not known before it is laid out.
  const paperWidth = (chart) => (chart.canvas.closest(".columns__side") ? 300 : 640);
  window.addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize(paperWidth(chart), 150)));
  window.addEventListener("afterprint", () => charts.forEach((chart) => chart.resize()));
}
