// A histogram of one sampled figure, with the answer and where nine tenths of the samples lie.
import {across, axis, choices, grid, label, quantity, up} from './chart.js';

export const samples = (figures, tools, redraw) => {
  let one = figures[0];
  if (figures.length > 1)
    tools.append(choices('Figure', figures.map(({title}) => title), i => { one = figures[i]; redraw(); }));
  const ends = i => [one.from + i * one.width, one.from + (i + 1) * one.width];
  const line = (value, name, type) => ({
    xAxis: value, name, lineStyle: {color: 'var(--limit)', width: 1.5, type},
    label: {formatter: name, color: 'var(--ink)', fontFamily: 'inherit', position: 'end', distance: 4},
  });
  return {
    stops: () => one.counts.map((count, index) => {
      const [from, to] = ends(index);
      return {series: 0, index, text: [`${count} samples`, `${quantity(from, one)} to ${quantity(to, one)}`]};
    }),
    option: () => ({
      grid,
      xAxis: axis(one, [0], {...across, boundaryGap: 0, splitLine: {show: false}, min: one.from, max: ends(one.counts.length - 1)[1],
                               axisLabel: {...label(one), showMinLabel: false, showMaxLabel: false}}),
      yAxis: axis({title: 'Samples', unit: '', decimals: 0}, [0],
                  {...up, scale: false}),
      series: [{
        type: 'custom', z: 2, data: one.counts.map((count, i) => [...ends(i), count]), encode: {x: [0, 1], y: 2},
        renderItem: (_, api) => {
          const [left, top] = api.coord([api.value(0), api.value(2)]), [right, bottom] = api.coord([api.value(1), 0]);
          return {type: 'rect', shape: {x: left + .5, y: top, width: Math.max(1, right - left - 1), height: bottom - top}, style: {fill: 'var(--c1)'}};
        },
        markLine: {silent: true, symbol: 'none', animation: false,
                   data: [line(one.low, '5 %', 'dashed'), line(one.median, 'median', 'solid'), line(one.high, '95 %', 'dashed')]},
      }],
    }),
  };
};
