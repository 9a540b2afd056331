// Charts, by Chart.js, which index.html loads before the modules.

/* global Chart */

const reduced = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colours of the style sheet, as they are now. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    first: of('--chart-1'),
    fill: of('--chart-1-fill'),
    second: of('--chart-2'),
    limit: of('--limit'),
    warn: of('--bad'),
    warnFill: of('--bad-fill'),
    grid: of('--line'),
    text: of('--quiet'),
    tip: of('--raised'),
    tipText: of('--text'),
  };
}

let now = colours();
dark.addEventListener('change', () => {
  now = colours();
});

/** Tells when charts have to be drawn in other colours. */
export function onColours(work) {
  dark.addEventListener('change', work);
}

function line(label, colour, fill, width) {
  return {
    label,
    data: [],
    borderColor: colour,
    backgroundColor: fill,
    fill: fill ? 'origin' : false,
    borderWidth: width,
    pointRadius: 0,
    tension: 0,
    spanGaps: false,
  };
}

function labels(length) {
  return Array.from({ length }, (_, i) => i - length + 1);
}

/** The open handles of one interpreter, as small as a word. */
export class Sparkline {
  constructor(canvas, points) {
    this.points = points;
    this.chart = new Chart(canvas, {
      type: 'line',
      data: {
        labels: labels(points),
        datasets: [line('open', now.first, now.fill, 1.4), { ...line('limit', now.limit, null, 1), borderDash: [3, 2] }],
      },
      options: {
        responsive: false,
        animation: false,
        events: [],
        layout: { padding: { top: 2, bottom: 1 } },
        plugins: { legend: { display: false }, tooltip: { enabled: false }, title: { display: false } },
        scales: { x: { display: false }, y: { display: false, min: 0 } },
      },
    });
  }

  /** values: the oldest first; limit: 0 for none. */
  show(values, limit, bad) {
    const [open, most] = this.chart.data.datasets;
    open.data = new Array(this.points - values.length).fill(null).concat(values);
    open.borderColor = bad ? now.warn : now.first;
    open.backgroundColor = bad ? now.warnFill : now.fill;
    const highest = Math.max(4, ...values);
    // A limit that is far away would leave nothing to see; its share is shown as a bar anyway.
    const near = limit > 0 && highest * 3 >= limit;
    most.data = near ? new Array(this.points).fill(limit) : [];
    this.chart.options.scales.y.max = near ? Math.max(limit, highest) * 1.05 : highest * 1.1;
    this.chart.update('none');
  }

  destroy() {
    this.chart.destroy();
  }
}

/** A chart with axes: one or two lines over the last minutes, and the same said as text. */
export class TimeChart {
  /** series: list of { key, label }; format: number to text; binary: whether round numbers are powers of two. */
  constructor(parent, { title, series, format, binary }, points) {
    this.series = series;
    this.binary = binary;
    this.format = format;
    this.title = title;
    this.points = points;
    const figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    caption.append(title);
    this.value = document.createElement('span');
    caption.append(this.value);
    const box = document.createElement('div');
    box.className = 'canvas';
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('role', 'img');
    box.append(this.canvas);
    figure.append(caption, box);
    parent.append(figure);
    this.chart = new Chart(this.canvas, this.#description());
  }

  #description() {
    const paints = [
      [now.first, now.fill, 1.6],
      [now.second, null, 1.6],
    ];
    const axis = { grid: { color: now.grid, drawTicks: false }, border: { display: false } };
    return {
      type: 'line',
      data: {
        labels: labels(this.points),
        datasets: this.series.map((each, i) => {
          const made = line(each.label, ...paints[Math.min(i, 1)]);
          if (each.dots) return { ...made, showLine: false, pointRadius: 1.8, pointBackgroundColor: now.first, pointBorderWidth: 0 };
          return each.limit ? { ...made, borderColor: now.limit, borderDash: [5, 4], fill: false, borderWidth: 1.2 } : made;
        }),
      },
      options: {
        responsive: true,
        maintainAspectRatio: false,
        animation: reduced.matches ? false : { duration: 250 },
        interaction: { mode: 'index', intersect: false },
        plugins: {
          legend: { display: this.series.length > 1, align: 'end', labels: { color: now.text, boxWidth: 14, boxHeight: 1, filter: (item, data) => data.datasets[item.datasetIndex].data.length > 0 } },
          tooltip: {
            backgroundColor: now.tip,
            titleColor: now.tipText,
            bodyColor: now.tipText,
            borderColor: now.grid,
            borderWidth: 1,
            callbacks: {
              title: (items) => `${-items[0].label} s ago`,
              label: (item) => `${item.dataset.label}: ${this.format(item.parsed.y)}`,
            },
          },
        },
        scales: {
          x: {
            ...axis,
            ticks: {
              color: now.text,
              autoSkip: false,
              maxRotation: 0,
              callback: (_, i) => ((this.points - 1 - i) % 60 === 0 ? this.#ago(this.points - 1 - i) : null),
            },
          },
          y: {
            ...axis,
            min: 0,
            grace: '8%',
            ticks: { color: now.text, maxTicksLimit: 4, padding: 6, callback: (value) => this.format(value) },
          },
        },
      },
    };
  }

  #ago(seconds) {
    return seconds === 0 ? 'now' : `−${seconds / 60} min`;
  }

  #binarySteps(history) {
    const highest = Math.max(1024, ...history[this.series[0].key]);
    const step = 2 ** Math.ceil(Math.log2(highest / 3));
    const axis = this.chart.options.scales.y;
    axis.ticks.stepSize = step;
    axis.max = Math.ceil((highest * 1.05) / step) * step;
  }

  /** history: lists by key. */
  show(history) {
    this.series.forEach((each, i) => {
      const values = history[each.key] ?? [];
      // A line that is not there has no place in the legend.
      this.chart.data.datasets[i].data =
        each.limit && values.length === 0 ? [] : new Array(Math.max(0, this.points - values.length)).fill(null).concat(values);
    });
    if (this.binary) this.#binarySteps(history);
    this.chart.update(reduced.matches ? 'none' : undefined);
    const known = (history[this.series[0].key] ?? []).filter((value) => value !== null);
    const last = known.at(-1);
    this.value.textContent = last === undefined ? '' : this.format(last);
    this.canvas.setAttribute(
      'aria-label',
      known.length === 0
        ? `${this.title}: no values yet`
        : `${this.title}: now ${this.format(last)}, at least ${this.format(Math.min(...known))}, at most ${this.format(Math.max(...known))}`,
    );
  }

  destroy() {
    this.chart.destroy();
  }
}
