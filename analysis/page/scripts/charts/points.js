// Points of a sweep: any axis against any other, with a line for each value of a third that has few of them.
import {across as below, axis, element, grid, menu, quantity, up as above} from './chart.js';

const most_lines = 8, shapes = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond'];

export const points = (axes, tools, redraw) => {
  let across = axes[0];
  let up = axes.find(({key}) => /^(step_)?time_s$|throughput|goodput/.test(key)) ?? axes.at(-1);
  const values = ({values}) => [...new Set(values)].filter(value => value != null).sort((a, b) => a - b);
  const few = axes.filter(one => one !== across && values(one).length <= most_lines);
  let by = few.find(one => one !== up) ?? null;
  const names = axes.map(({title}) => title);
  const keys = element('ul', '', {class: 'legend'});
  tools.append(menu('Up', names, axes.indexOf(up), i => { up = axes[i]; redraw(); }),
               menu('Across', names, 0, i => { across = axes[i]; redraw(); }));
  if (few.length)
    tools.append(menu('A line for each', ['none', ...few.map(({title}) => title)], few.indexOf(by) + 1,
                      i => { by = few[i - 1] ?? null; redraw(); }), keys);

  const lines = () => (by ? values(by) : [null]).map(of => ({of, points: across.values
    .map((x, i) => ({i, x, y: up.values[i]}))
    .filter(({i, x, y}) => x != null && y != null && (of === null || by.values[i] === of)).sort((a, b) => a.x - b.x || a.y - b.y)}));
  const say = (i, x, y, of) => [`Point ${i}`, `${up.title}: ${quantity(y, up)}`, `${across.title}: ${quantity(x, across)}`,
                                ...of === null ? [] : [`${by.title}: ${quantity(of, by)}`]];
  return {
    stops: () => lines().flatMap(({of, points}, series) => points.map(({i, x, y}, index) => ({series, index, text: say(i, x, y, of)}))),
    option: () => {
      const some = lines(), all = some.flatMap(({points}) => points);
      keys.replaceChildren(...by ? some.map(({of}, k) => {
        const item = element('li', '');
        item.append(element('span', '', {class: `key c${k + 1}`}), quantity(of, by));
        return item;
      }) : []);
      return {
        grid, xAxis: axis(across, all.map(({x}) => x), below), yAxis: axis(up, all.map(({y}) => y), above),
        series: some.map(({points}, k) => ({
          type: by ? 'line' : 'scatter', data: points.map(({x, y}) => [x, y]), symbol: shapes[k], symbolSize: 8, showAllSymbol: true,
          emphasis: {disabled: true}, itemStyle: {color: `var(--c${k + 1})`}, lineStyle: {color: `var(--c${k + 1})`, width: 1.5},
        })),
      };
    },
  };
};
