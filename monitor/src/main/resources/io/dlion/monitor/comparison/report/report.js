// Draws the charts of the report from the JSON in #data. A chart is drawn when it comes near the
// window, and all of them before printing. Nothing here loads or stores anything.
'use strict';
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const escape = echarts.format.encodeHTML;
  const FONT = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

  // Okabe and Ito's colours without yellow, which is too faint on white.
  const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#000000', '#56B4E9'];
  const DASHES = ['solid', [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 4], [6, 2, 2, 2, 2, 2]];
  const MARKS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle'];
  const IDEAL = { colour: '#666666', dash: [1, 3], mark: 'none', width: 2.5 };
  // One hue from light to dark: keeps its order in grey, too.
  const SCALE = ['#f2f7fb', '#c6dbef', '#85b6d9', '#3f87bd', '#12578f', '#06264a'];

  function style(preset) {
    if (preset.ideal) return IDEAL;
    const i = preset.style;
    return {
      colour: COLOURS[i % COLOURS.length],
      // The second round of colours has other dashes and markers than the first.
      dash: DASHES[(i + 2 * Math.floor(i / COLOURS.length)) % DASHES.length],
      mark: MARKS[(i + 3 * Math.floor(i / COLOURS.length)) % MARKS.length],
      width: i === 0 ? 3 : 2,
    };
  }

  // A colour dark enough for text on white.
  function ink(colour) {
    return echarts.color.lerp(0.3, [colour, '#000000']);
  }

  function digits(v) {
    if (v === null || !isFinite(v)) return '-';
    const size = Math.abs(v);
    return size >= 99.95 ? v.toFixed(0) : size >= 9.995 ? v.toFixed(1) : size >= 0.1 || size === 0 ? v.toFixed(2) : v.toPrecision(2);
  }

  function oneDigit(v, rounding) {
    const unit = Math.pow(10, Math.floor(Math.log10(v)));
    return +(rounding(v / unit) * unit).toPrecision(1);
  }

  function short(v) {
    return String(+v.toPrecision(3));
  }

  function bytes(v) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    while (v >= 999.5 && unit < units.length - 1) {
      v /= 1000;
      unit++;
    }
    return (unit === 0 ? v.toFixed(0) : v < 9.95 ? v.toFixed(1) : v.toFixed(0)) + ' ' + units[unit];
  }

  function base(title) {
    return {
      animation: false,
      textStyle: { fontFamily: FONT, color: '#1a1a1a' },
      title: { text: title, left: 0, top: 0, textStyle: { fontSize: 13, fontWeight: 600, color: '#1a1a1a' } },
      aria: { enabled: true, label: { description: 'Chart ' + title + '. The figures are in the table above.' } },
    };
  }

  function axis(name, extra) {
    return Object.assign(
      {
        type: 'value',
        name: name,
        nameTextStyle: { color: '#444' },
        axisLabel: { color: '#333', fontSize: 11, hideOverlap: true },
        axisLine: { show: true, lineStyle: { color: '#666' } },
        splitLine: { lineStyle: { color: '#e6e6e6' } },
      },
      extra);
  }

  function timeAxis(from, to) {
    return axis('virtual time, s', {
      min: from, max: to, nameLocation: 'middle', nameGap: 26, splitLine: { show: false },
      axisLabel: { color: '#333', fontSize: 11, hideOverlap: true, formatter: short },
    });
  }

  // A filled band between the third and the fourth number of each point.
  function band(name, points, colour) {
    return {
      type: 'custom', name: name, silent: true, z: 1, clip: true, color: colour,
      data: points.length > 1 ? [[points[0][0], points[0][1]]] : [],
      tooltip: { show: false },
      renderItem: function (params, api) {
        const upper = points.map((p) => api.coord([p[0], p[3]]));
        const lower = points.map((p) => api.coord([p[0], p[2]])).reverse();
        const box = params.coordSys;
        return {
          type: 'polygon',
          shape: { points: echarts.graphic.clipPointsByRect(upper.concat(lower), box) },
          style: { fill: colour, opacity: 0.16 },
        };
      },
    };
  }

  // A line with sparse markers that are not at the same places as those of the others.
  function line(name, points, look, order, label) {
    const every = Math.max(1, Math.round(points.length / 8));
    const offset = Math.round((order % 5) * every / 5);
    return {
      type: 'line', name: name, data: points.map((p) => [p[0], p[1]]), z: 3,
      color: look.colour, symbol: look.mark, showAllSymbol: true, clip: true,
      symbolSize: (value, params) => (params.dataIndex % every === offset ? 7 : 0),
      lineStyle: { color: look.colour, width: look.width, type: look.dash },
      itemStyle: { color: look.colour },
      emphasis: { focus: 'series' },
      endLabel: {
        show: label, formatter: '{a}', color: ink(look.colour), fontSize: 12, fontWeight: 600, distance: 10,
      },
      labelLayout: { moveOverlap: 'shiftY' },
    };
  }

  function end(name, points, look) {
    const last = points[points.length - 1];
    return {
      type: 'scatter', name: name, data: [[last[0], last[1]]], z: 5, symbolSize: 14,
      symbol: 'path://M-1,-0.8 L-0.8,-1 L0,-0.2 L0.8,-1 L1,-0.8 L0.2,0 L1,0.8 L0.8,1 L0,0.2 L-0.8,1 L-1,0.8 L-0.2,0 Z',
      itemStyle: { color: look.colour },
      label: { show: true, formatter: name + ' diverged', position: 'right', color: ink(look.colour), fontSize: 11, backgroundColor: 'rgba(255, 255, 255, 0.8)' },
      labelLayout: { moveOverlap: 'shiftY' },
    };
  }

  function tooltip(unit, digitsOf) {
    return {
      trigger: 'axis', confine: true, order: 'valueDesc', axisPointer: { type: 'line' },
      formatter: function (items) {
        const lines = items
          .filter((i) => i.seriesType === 'line')
          .map((i) => i.marker + escape(i.seriesName) + ' <b>' + digitsOf(i.value[1]) + '</b>' + unit);
        return items.length ? short(items[0].value[0]) + ' s<br>' + lines.join('<br>') : '';
      },
    };
  }

  // Presets as lines with bands; `key` is a field of theirs.
  function curves(env, key, title, y, scaled) {
    const series = [];
    env.presets.forEach(function (p, i) {
      const look = style(p);
      const points = p[key].filter((q) => q[1] !== null).map((q) => [q[0]].concat(q.slice(1).map(scaled)));
      if (points.length > 0) {
        series.push(line(p.name, points, look, i, true)); // first, so that the legend shows it
        if (points[0].length > 2 && p.seeds > 1) series.push(band(p.name, points, look.colour));
      }
      (p.diverged || []).forEach(function (d) {
        const lost = (d[key] || []).filter((q) => q[1] !== null).map((q) => [q[0], scaled(q[1])]);
        if (lost.length > 0) {
          series.push(line(p.name, lost, Object.assign({}, look, { width: 1, mark: 'none' }), i, false));
          series.push(end(p.name, lost, look));
        }
      });
    });
    const option = base(title);
    option.xAxis = timeAxis(0, env.budget);
    option.yAxis = y;
    option.series = series;
    const longest = Math.max.apply(null, env.presets.map((p) => p.name.length));
    option.grid = { left: 48, right: 24 + 8 * Math.max(6, Math.min(longest, 20)), top: 30, bottom: 44 };
    return option;
  }

  const charts = {
    accuracy: function (env, add) {
      const option = curves(
        env, 'accuracy', '', axis('', { axisLabel: { color: '#333', formatter: (v) => short(v) + ' %' } }),
        (v) => (v === null ? null : 100 * v));
      option.tooltip = tooltip(' %', (v) => v.toFixed(1));
      const names = env.presets.map((p) => p.name);
      option.legend = { data: names, top: 0, left: 0, itemWidth: 38, itemGap: 14, textStyle: { fontSize: 12, color: '#1a1a1a' } };
      // Room for its lines on the width of a page.
      option.grid.top = 16 + 22 * Math.ceil(names.reduce((sum, n) => sum + 58 + 7.5 * n.length, 0) / 690);
      // The steep beginning is cut off: what matters is near the end.
      const early = env.presets.flatMap((p) => p.accuracy.filter((q) => q[0] >= 0.15 * env.budget)).map((q) => 100 * q[1]);
      const all = env.presets.flatMap((p) => p.accuracy).map((q) => 100 * q[3]);
      const target = 100 * env.target;
      const known = env.target === undefined ? [] : [target];
      option.yAxis.min = 10 * Math.floor(Math.min.apply(null, early.concat(known)) / 10);
      option.yAxis.max = 5 * Math.ceil(Math.max.apply(null, all.concat(known)) / 5);
      if (env.target !== undefined && option.series.length > 0) {
        option.series.push({
          type: 'line', name: 'target', data: [[0, target], [env.budget, target]], symbol: 'none', silent: true, z: 2,
          color: '#1a1a1a', lineStyle: { color: '#1a1a1a', width: 1, type: [3, 3] },
          markPoint: {
            symbol: 'rect', symbolSize: 0.1, silent: true, data: [{ coord: [0, target] }],
            label: { show: true, formatter: 'target ' + short(target) + ' %', position: 'insideTopLeft', offset: [6, -16], color: '#1a1a1a', fontSize: 12 },
          },
        });
      }
      add(430, option);
    },

    prequential: function (env, add) {
      const streams = Object.assign({}, env, { presets: env.presets.filter((p) => p.prequential && p.prequential.length > 0).map((p) => Object.assign({}, p, { diverged: [] })) });
      const option = curves(
        streams, 'prequential', '', axis('', { axisLabel: { color: '#333', formatter: (v) => short(v) + ' %' } }),
        (v) => (v === null ? null : 100 * v));
      option.tooltip = tooltip(' %', (v) => v.toFixed(1));
      const low = streams.presets.flatMap((p) => p.prequential.filter((q) => q[0] >= 0.1 * env.budget)).map((q) => 100 * q[2]);
      const high = streams.presets.flatMap((p) => p.prequential).map((q) => 100 * q[3]);
      if (low.length > 0) {
        option.yAxis.min = 10 * Math.floor(Math.min.apply(null, low) / 10);
        option.yAxis.max = Math.min(100, 5 * Math.ceil(Math.max.apply(null, high) / 5));
      }
      // Without data of their own: marks are all there is of them.
      function marks(name, seconds, colour, type, width) {
        return {
          type: 'line', name: name, data: [], silent: true, z: 2, color: colour, tooltip: { show: false },
          markLine: {
            symbol: 'none', silent: true, animation: false, label: { show: false },
            lineStyle: { color: colour, width: width, type: type, opacity: 0.8 },
            data: seconds.map((s) => ({ xAxis: s })),
          },
        };
      }
      if (env.drifts) option.series.push(marks('drift', env.drifts, '#999999', 'solid', 2));
      streams.presets.filter((p) => p.found.length > 0).forEach(function (p) {
        option.series.push(marks(p.name, p.found, style(p).colour, [4, 4], 1));
      });
      add(380, option);
    },

    lossAndStaleness: function (env, add) {
      const loss = curves(
        env, 'loss', 'Loss',
        axis('', { type: 'log', axisLabel: { color: '#333', formatter: short } }), (v) => (v > 0 ? v : null));
      // No higher than any preset began: a run that diverges would flatten all others.
      const seen = env.presets.flatMap((p) => p.loss).map((q) => q[1]).filter((v) => v > 0);
      const first = env.presets.flatMap((p) => p.loss.slice(0, 1)).map((q) => q[3]);
      if (first.length > 0 && seen.length > 0) {
        loss.yAxis.min = oneDigit(Math.min.apply(null, seen), Math.floor);
        loss.yAxis.max = oneDigit(1.05 * Math.max.apply(null, first), Math.ceil);
        // Within a decade a logarithmic axis has no marks between its ends.
        if (loss.yAxis.max < 10 * loss.yAxis.min) loss.yAxis.type = 'value';
      }
      loss.tooltip = tooltip('', digits);
      loss.xAxis.splitNumber = 3;
      add(300, loss);
      const staleness = curves(
        env, 'staleness', 'Staleness, iterations', axis('', { min: 0, axisLabel: { color: '#333', formatter: short } }), (v) => v);
      staleness.tooltip = tooltip('', digits);
      staleness.xAxis.splitNumber = 3;
      add(300, staleness);
    },

    commits: function (env, add, say) {
      const served = detailed(env).filter((p) => p.detail.commits);
      const without = served.filter((p) => !p.detail.commits.set).map((p) => p.name);
      if (without.length > 0) say('The method sets no rate: ' + without.join(', ') + '.');
      served.filter((p) => p.detail.commits.set).forEach(function (p) {
        const c = p.detail.commits;
        const last = c.points[c.points.length - 1];
        const option = base(p.name + (c.periods ? ': commits a period' : ': steps between commits'));
        option.grid = { left: 42, right: 24, top: 30, bottom: 42 };
        option.xAxis = timeAxis(0, env.budget);
        option.yAxis = axis('', { min: 0, minInterval: 1, splitNumber: 4, axisLabel: { color: '#333', formatter: short } });
        option.tooltip = {
          trigger: 'axis', confine: true, axisPointer: { type: 'line' },
          formatter: function (items) {
            const i = Math.min(items[0].dataIndex, c.points.length - 1);
            const q = c.points[i];
            const momentum = q[2] === null ? '' : '<br>implicit momentum ' + digits(q[2]);
            return short(items[0].value[0]) + ' s <b>' + short(q[1]) + '</b><br>' + escape(c.texts[i]) + momentum;
          },
        };
        option.series = [{
          type: 'line', name: p.name, step: 'end', z: 3, clip: true,
          data: c.points.map((q) => [q[0], q[1]]).concat([[Math.max(c.end, last[0]), last[1]]]),
          symbol: 'emptyCircle', showAllSymbol: true,
          symbolSize: (value, params) => (c.searching[params.dataIndex] ? 6 : 0),
          color: style(p).colour, lineStyle: { color: style(p).colour, width: 2 }, itemStyle: { color: style(p).colour },
        }];
        add(220, option);
      });
    },

    bytes: function (env, add, say) {
      const all = detailed(env).flatMap((p) => p.detail.bytes.cells.map((c) => c[2]));
      if (all.length === 0) return say('Nothing was sent.');
      const low = Math.log10(Math.min.apply(null, all));
      const high = Math.log10(Math.max.apply(null, all));
      detailed(env).forEach(function (p) {
        const names = p.detail.bytes.names;
        const few = names.length <= 8;
        const option = base(p.name);
        option.grid = { left: 34, right: 4, top: 44, bottom: 6 };
        option.xAxis = category(names, { position: 'top' });
        option.yAxis = category(names, { inverse: true });
        option.visualMap = {
          show: false, dimension: 2, min: low, max: Math.max(high, low + 1e-6), inRange: { color: SCALE },
        };
        option.tooltip = {
          confine: true,
          formatter: (i) => escape(names[i.value[1]]) + ' → ' + escape(names[i.value[0]]) + ' <b>' + bytes(i.value[3]) + '</b>',
        };
        option.series = [{
          type: 'heatmap',
          data: p.detail.bytes.cells.map(function (c) {
            const depth = (Math.log10(c[2]) - low) / Math.max(high - low, 1e-6);
            return {
              value: [c[1], c[0], Math.log10(c[2]), c[2]],
              label: { show: few, color: depth > 0.55 ? '#fff' : '#1a1a1a' },
            };
          }),
          label: { fontSize: 9, formatter: (i) => bytes(i.value[3]).replace(' ', '\n') },
          itemStyle: few ? { borderColor: '#fff', borderWidth: 1 } : {},
        }];
        add(few ? 250 : 270, option, names.length > 16);
      });
      add(250, key('bytes on a link', [low, (low + high) / 2, high].map((v) => bytes(Math.pow(10, v)))));
    },

    batches: function (env, add, say) {
      always(env, 'batches', say);
      detailed(env).filter((p) => p.detail.workers > 0 && p.detail.batches.always === undefined).forEach(function (p) {
        const option = base(p.name);
        const b = p.detail.batches;
        option.grid = { left: 42, right: 44, top: 30, bottom: 42 };
        option.xAxis = timeAxis(0, env.budget);
        option.yAxis = axis('', { min: 0, splitNumber: 4 });
        option.tooltip = tooltip('', digits);
        if (b.band) option.yAxis.max = 10 * Math.ceil(Math.max.apply(null, b.band.map((q) => q[3])) / 10);
        option.series = b.band
          ? [band('workers', b.band, '#0072B2'), line('mean', b.band, style({ style: 0 }), 0, true)]
          : b.lines.map((l, i) => line(l.name, l.points, Object.assign(style({ style: i }), { width: 1.6 }), i, true));
        add(210, option);
      });
    },

    n: function (env, add, say) {
      const varied = detailed(env).filter((p) => p.detail.n.rows);
      always(env, 'n', say);
      const all = varied.flatMap((p) => p.detail.n.values.flat()).filter((v) => v !== null && v > 0);
      if (all.length === 0) return;
      const low = Math.log10(Math.min.apply(null, all));
      const high = Math.log10(Math.max.apply(null, all));
      varied.forEach(function (p) {
        const n = p.detail.n;
        const cells = n.values.flatMap((row, y) =>
          row.map((v, x) => [x, y, v === null || v <= 0 ? null : Math.log10(v), v]).filter((c) => c[2] !== null));
        const option = base(p.name);
        option.grid = { left: 78, right: 8, top: 26, bottom: 36 };
        option.xAxis = category(n.times.map(short), { name: 'virtual time, s', nameLocation: 'middle', nameGap: 22 });
        option.xAxis.axisLabel = { color: '#333', fontSize: 10, interval: 7, align: 'left' };
        option.yAxis = category(n.rows, { inverse: true, axisLabel: { color: '#333', fontSize: 9, interval: 0 } });
        option.visualMap = { show: false, dimension: 2, min: low, max: Math.max(high, low + 1e-6), inRange: { color: SCALE } };
        option.tooltip = {
          confine: true,
          formatter: (i) => escape(n.rows[i.value[1]]) + ', ' + short(n.times[i.value[0]]) + ' s: N = <b>' + digits(i.value[3]) + '</b>',
        };
        option.series = [{ type: 'heatmap', data: cells }];
        add(70 + 11 * n.rows.length, option, cells.length > 1500);
      });
      add(120, key('N', [low, (low + high) / 2, high].map((v) => short(Math.pow(10, v)))));
    },

    timeline: function (env, add) {
      detailed(env).filter((p) => p.detail.workers > 0).forEach(function (p) {
        const t = p.detail.timeline;
        const names = t.rows.map((r) => r.name);
        const few = t.rows.length < p.detail.workers ? ', ' + t.rows.length + ' of ' + p.detail.workers + ' workers' : '';
        const option = base(p.name + few);
        const items = [];
        t.rows.forEach(function (r, y) {
          ['waiting', 'computing', 'evaluating', 'sending'].forEach((kind) =>
            r[kind].forEach((i) => items.push({ value: [i[0], i[1], y], name: kind })));
        });
        option.grid = { left: 40, right: 92, top: 26, bottom: 40 };
        option.xAxis = timeAxis(t.window[0], t.window[1]);
        option.yAxis = [
          category(names, { inverse: true }),
          category(t.rows.map((r) => 'c ' + percent(r.computingShare) + '  s ' + percent(r.sendingShare)), { inverse: true, position: 'right' }),
        ];
        option.tooltip = {
          confine: true,
          formatter: (i) => escape(names[i.value[2]]) + ' ' + i.name + ', ' + digits(i.value[0]) + ' to ' + digits(i.value[1]) + ' s',
        };
        option.series = [{
          type: 'custom', data: items, encode: { x: [0, 1], y: 2 }, clip: true,
          renderItem: (params, api) => activity(params, api, items[params.dataIndex].name),
        }];
        add(70 + 26 * t.rows.length, option);
      });
    },
  };

  // Says what never changed instead of drawing it.
  function always(env, key, say) {
    const fixed = detailed(env).filter((p) => p.detail[key].always !== undefined);
    if (fixed.length > 0) {
      say('Always the same: ' + fixed.map((p) => p.name + ' ' + short(p.detail[key].always)).join(', ') + '.');
    }
  }

  function percent(share) {
    return (100 * share).toFixed(0) + ' %';
  }

  // Told apart by height and place first, by colour second.
  const SHAPES = {
    computing: { top: -0.42, height: 0.5, style: { fill: '#0072B2' } },
    waiting: { top: -0.2, height: 0.06, style: { fill: '#1a1a1a' } },
    evaluating: { top: -0.42, height: 0.5, style: { fill: '#fff', stroke: '#0072B2', lineWidth: 1.2 } },
    sending: { top: 0.18, height: 0.2, style: { fill: '#E69F00' } },
  };

  function activity(params, api, kind) {
    const shape = SHAPES[kind];
    const from = api.coord([api.value(0), api.value(2)]);
    const to = api.coord([api.value(1), api.value(2)]);
    const row = api.size([0, 1])[1];
    // A hair between successive blocks shows where an iteration ends.
    const gap = kind === 'waiting' || to[0] - from[0] < 3 ? 0 : 0.8;
    const rect = echarts.graphic.clipRectByRect(
      { x: from[0], y: from[1] + shape.top * row, width: Math.max(0.5, to[0] - from[0] - gap), height: shape.height * row },
      params.coordSys);
    return rect && { type: 'rect', shape: rect, style: shape.style };
  }

  function detailed(env) {
    return env.presets.filter((p) => p.detail);
  }

  function category(names, extra) {
    return Object.assign(
      {
        type: 'category', data: names, axisTick: { show: false }, splitLine: { show: false },
        axisLine: { show: false }, axisLabel: { color: '#333', fontSize: 10 }, nameTextStyle: { color: '#444' },
      },
      extra);
  }

  // The colour scale of a row of heat maps, as a chart of its own beside them.
  function key(title, labels) {
    const option = base(title);
    option.graphic = [{
      type: 'rect', left: 0, top: 34, shape: { width: 180, height: 16 },
      style: {
        fill: new echarts.graphic.LinearGradient(0, 0, 1, 0, SCALE.map((c, i) => ({ offset: i / (SCALE.length - 1), color: c }))),
        stroke: '#888', lineWidth: 0.5,
      },
    }].concat(labels.map((text, i) => ({
      type: 'text', top: 54, left: [0, 90, 180][i], style: { text: text, fontSize: 11, fill: '#333', textAlign: ['left', 'center', 'right'][i] },
    })));
    return option;
  }

  const drawn = [];

  function draw(box) {
    if (box.dataset.drawn) return;
    box.dataset.drawn = 'yes';
    box.style.minHeight = '';
    const env = data.environments[+box.closest('section').dataset.index];
    charts[box.dataset.chart](
      env,
      function (height, option, many) {
        const div = document.createElement('div');
        div.className = 'chart';
        div.style.height = height + 'px';
        box.appendChild(div);
        // Vectors print best; pictures are lighter where there are thousands of cells.
        const chart = echarts.init(div, null, many ? { renderer: 'canvas', devicePixelRatio: 3 } : { renderer: 'svg' });
        chart.setOption(option);
        drawn.push(chart);
      },
      function (sentence) {
        const p = document.createElement('p');
        p.className = 'small';
        p.textContent = sentence;
        box.appendChild(p);
      });
  }

  const boxes = Array.from(document.querySelectorAll('[data-chart]'));
  const near = new IntersectionObserver(
    (entries) => entries.filter((e) => e.isIntersecting).forEach((e) => draw(e.target)), { rootMargin: '800px' });
  boxes.forEach(function (box) {
    box.style.minHeight = '120px';
    // What can be seen at once is there at once.
    if (box.getBoundingClientRect().top < innerHeight) draw(box);
    else near.observe(box);
  });

  function resize() {
    drawn.forEach((chart) => chart.resize());
  }
  addEventListener('resize', resize);
  addEventListener('beforeprint', function () {
    document.documentElement.classList.add('printing');
    boxes.forEach(draw);
    resize();
  });
  addEventListener('afterprint', function () {
    document.documentElement.classList.remove('printing');
    resize();
  });
})();
