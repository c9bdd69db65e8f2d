// Points of a sweep: any axis against any other.
import {axis, menu, quantity} from './chart.js';

export const points = (axes, tools, redraw) => {
  let across = axes[0];
  let up = axes.find(({key}) => /^(step_)?time_s$|throughput|goodput/.test(key)) ?? axes.at(-1);
  const names = axes.map(({title}) => title);
  tools.append(menu('Up', names, axes.indexOf(up), i => { up = axes[i]; redraw(); }),
               menu('Across', names, 0, i => { across = axes[i]; redraw(); }));
  const all = () => across.values.map((x, i) => ({i, x, y: up.values[i]}))
    .filter(({x, y}) => x != null && y != null).sort((a, b) => a.x - b.x || a.y - b.y);
  return {
    stops: () => all().map(({i, x, y}, index) => ({series: 0, index, text: [
      `Point ${i}`, `${up.title}: ${quantity(y, up)}`, `${across.title}: ${quantity(x, across)}`]})),
    option: () => {
      const some = all();
      return {
        grid: {left: 12, right: 24, top: 36, bottom: 12, containLabel: true},
        xAxis: axis(across, some.map(({x}) => x), {nameLocation: 'middle', nameGap: 32}),
        yAxis: axis(up, some.map(({y}) => y), {nameTextStyle: {color: 'var(--quiet)', fontSize: 12, align: 'left'}}),
        series: [{type: 'scatter', data: some.map(({x, y}) => [x, y]), symbolSize: 8, emphasis: {disabled: true},
                  itemStyle: {color: 'var(--c1)', opacity: .75}}],
      };
    },
  };
};
