// Time against what it takes: one point for each candidate, and the line of those that no other beats in both.
import {across, axis, choices, element, grid, quantity, up} from './chart.js';

// Shapes tell systems apart without colour; drawn from -1 to 1.
const shapes = [
  'M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z', 'M-.9-.9H.9V.9H-.9Z', 'M0-1.1L1.1.9H-1.1Z', 'M0-1.2L1.2 0L0 1.2L-1.2 0Z',
  'M0 1.1L1.1-.9H-1.1Z', 'M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z', 'M-1.1-.5H1.1V.5H-1.1Z', 'M-.5-1.1H.5V1.1H-.5Z',
];
const shape = system => shapes[system % shapes.length];
const colour = system => `var(--c${system % 8 + 1})`;

const key = (name, system, changed) => {
  const label = element('label', ''), box = element('input', '', {type: 'checkbox'});
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '-1.5 -1.5 3 3');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(svg.namespaceURI, 'path'));
  svg.firstChild.setAttribute('d', shape(system));
  svg.firstChild.style.fill = colour(system);
  box.checked = true;
  box.addEventListener('change', () => changed(box.checked));
  label.append(box, svg, element('bdi', name));
  return label;
};

// Points in order of what they take such that each is faster than all before it.
const front = points => {
  const out = [];
  let best = Infinity;
  for (const point of [...points].sort((a, b) => a.x - b.x || a.y - b.y))
    if (point.y < best) {
      best = point.y;
      out.push(point);
    }
  return out;
};

export const pareto = (data, tools, redraw) => {
  const shown = data.systems.map(() => true);
  let takes = data.takes[0];
  if (data.takes.length > 1)
    tools.append(choices('Time against', data.takes.map(({title}) => title), i => { takes = data.takes[i]; redraw(); }));
  const keys = element('fieldset', '', {class: 'choices keys'});
  keys.append(element('legend', 'Systems', {class: 'unseen'}));
  data.systems.forEach((name, system) => keys.append(key(name, system, on => { shown[system] = on; redraw(); })));
  tools.append(keys);

  const points = () => data.names
    .map((name, i) => ({i, name, x: takes.values[i], y: data.time.values[i], low: data.low[i], high: data.high[i],
                        system: data.system[i], meets: data.meets[i] !== 0}))
    .filter(({x, y, system}) => x != null && y != null && shown[system])
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const text = ({name, x, y, low, high, meets}) => [
    name, `${data.time.title}: ${quantity(y, data.time)}` + (low == null ? '' : ` (${quantity(low, data.time)} to ${quantity(high, data.time)})`),
    `${takes.title}: ${quantity(x, takes)}`, meets ? 'Meets all limits' : 'Exceeds a limit'];

  // The best, and those on the line, bear the names of their systems as far as there is room.
  const named = (i, system, on) => ({
    show: i === 0 || on, formatter: (i === 0 ? 'best: ' : '') + data.systems[system], position: 'right', distance: 8,
    width: 180, overflow: 'truncate', backgroundColor: 'var(--page)', padding: [1, 3], color: 'var(--ink)', fontWeight: i === 0 ? 600 : 400, fontFamily: 'inherit',
  });

  return {
    stops: () => points().map((point, index) => ({series: 0, index, text: text(point), row: point.i})),
    go: ({row}) => {
      const there = document.getElementById(`answer-${row + 1}`), fold = there?.closest('details');
      if (fold) fold.open = true;
      there?.focus();
    },
    option: () => {
      const all = points(), best = front(all.filter(({meets}) => meets));
      const ends = all.flatMap(({y, low, high}) => [y, low ?? y, high ?? y]);
      return {
        grid,
        xAxis: axis(takes, all.map(({x}) => x), across),
        yAxis: axis(data.time, ends, up),
        series: [
          {
            type: 'scatter', z: 3, cursor: 'default', labelLayout: {hideOverlap: true}, emphasis: {disabled: true},
            data: all.map(({x, y, system, meets, i}) => ({
              value: [x, y], symbol: `path://${shape(system)}`, symbolSize: i === 0 ? 16 : 12,
              itemStyle: {color: meets ? colour(system) : 'var(--page)', borderColor: colour(system), borderWidth: 2},
              label: named(i, system, best.some(point => point.i === i)),
            })),
          },
          {
            type: 'line', step: 'end', silent: true, symbol: 'none', z: 1, data: best.map(({x, y}) => [x, y]),
            lineStyle: {color: 'var(--strong)', width: 1.5}, tooltip: {show: false},
          },
          {
            type: 'custom', silent: true, z: 2, tooltip: {show: false}, data: all.filter(({low}) => low != null).map(({x, low, high, system}) => [x, low, high, system]),
            encode: {x: 0, y: [1, 2]},
            renderItem: (_, api) => {
              const [x, low] = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)])[1];
              return {type: 'line', shape: {x1: x, y1: low, x2: x, y2: high}, style: {stroke: colour(api.value(3)), lineWidth: 1.5, opacity: .55}};
            },
          },
        ],
      };
    },
  };
};
